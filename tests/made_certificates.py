"""Certificates and keys, made anew for each test run: none is ever stored."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

MOMENT = datetime(2026, 1, 15, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Made:
    """A self-signed pair, as PEM."""

    certificate: bytes
    key: bytes


def make(
    name: str = "node1",
    *,
    dns: tuple[str, ...] = ("node1",),
    ips: tuple[str, ...] = ("10.0.0.1",),
    days: int = 3650,
    start: datetime = MOMENT,
) -> Made:
    """A pair as go-dqlite's products make them: self-signed, elliptic curve, names in the alternative names."""
    key = ec.generate_private_key(ec.SECP384R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )
    names: list[x509.GeneralName] = [x509.DNSName(text) for text in dns]
    names += [x509.IPAddress(ipaddress.ip_address(text)) for text in ips]
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    return Made(
        certificate.public_bytes(Encoding.PEM),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
