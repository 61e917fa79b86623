"""Certificates and private keys. A key leaves this module only as the digest of its public half.

`cryptography` does the parsing; imported where used, because it is slow to load.
Source: the files of go-dqlite's TLS set-up and of microcluster; FACTS 6.5, 8.1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from forensics.evidence import Anomaly, Blob, Parsed, Span
from forensics.limits import PEM_BLOCKS_MAX, PEM_BYTES_MAX

if TYPE_CHECKING:
    from cryptography import x509

_BEGIN, _END = b"-----BEGIN ", b"-----END "


@dataclass(frozen=True, slots=True)
class Certificate:
    """One X.509 certificate.

    Attributes:
        subject, issuer: as RFC 4514 text.
        names: DNS names, in order: go-dqlite dials by the first.
        addresses: IP addresses.
        not_before, not_after: UTC.
        fingerprint: SHA-256 of the whole certificate, hex.
        public_key: SHA-256 of the public key (SubjectPublicKeyInfo), hex: compare with Key.public_key.
        key_type, key_bits: `RSA` 4096, `EC` 384, …
        signature_hash: `sha256`, …; None where the signature names none (Ed25519).
        at: the PEM block.
    """

    subject: str
    issuer: str
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    fingerprint: str
    public_key: str
    key_type: str
    key_bits: int | None
    signature_hash: str | None
    at: Span


@dataclass(frozen=True, slots=True)
class Key:
    """What may be known of a private key."""

    public_key: str
    key_type: str
    key_bits: int | None
    at: Span


def parse_certificates(blob: Blob) -> Parsed[tuple[Certificate, ...]]:
    """All certificates of a PEM file, leaf first. A bad one does not hide the others."""
    raw, unreadable = _content(blob, "certificate")
    if raw is None:
        return Parsed(None, unreadable)
    return certificates_of(raw, blob.span())


def certificates_of(raw: bytes, at: Span) -> Parsed[tuple[Certificate, ...]]:
    """As parse_certificates, for PEM text that lies at `at` (a truststore entry carries one inside YAML)."""
    found: list[Certificate] = []
    anomalies: list[Anomaly] = []
    for label, block, span in _blocks(raw, at, anomalies):
        if "PRIVATE KEY" in label:
            anomalies.append(Anomaly("certificate-holds-key", span, "a private key stands in a certificate file"))
        elif label != "CERTIFICATE":
            anomalies.append(Anomaly("certificate-block", span, "a PEM block that is no certificate"))
        else:
            certificate = _certificate(block, span)
            if certificate is None:
                anomalies.append(Anomaly("certificate-unreadable", span, "the block is no readable X.509 certificate"))
            else:
                found.append(certificate)
    if not found and not anomalies:
        anomalies.append(Anomaly("certificate-none", at, "no PEM block"))
    return Parsed(tuple(found) or None, tuple(anomalies))


def parse_key(blob: Blob) -> Parsed[Key]:
    """The public half of the private key in a PEM file."""
    raw, unreadable = _content(blob, "key")
    if raw is None:
        return Parsed(None, unreadable)
    anomalies: list[Anomaly] = []
    for label, block, span in _blocks(raw, blob.span(), anomalies):
        if "PRIVATE KEY" in label:
            key = _key(block, span)
            if key is None:
                anomalies.append(Anomaly("key-unreadable", span, "the block is no readable, unencrypted private key"))
            return Parsed(key, tuple(anomalies))
    if not anomalies:
        anomalies.append(Anomaly("key-none", blob.span(), "no PEM block of a private key"))
    return Parsed(None, tuple(anomalies))


def _content(blob: Blob, what: str) -> tuple[bytes | None, tuple[Anomaly, ...]]:
    """The bytes, or why there is nothing to read in them."""
    if blob.size > PEM_BYTES_MAX:
        detail = f"{blob.size} bytes; the limit is {PEM_BYTES_MAX} (PEM_BYTES_MAX)"
        return None, (Anomaly(f"{what}-large", blob.span(), detail),)
    raw = blob.read()
    if not raw.strip():
        return None, (Anomaly(f"{what}-empty", blob.span(), f"{len(raw)} bytes, no content"),)
    if not raw.strip(b"\0"):
        return None, (Anomaly(f"{what}-zeros", blob.span(), f"{len(raw)} zero bytes"),)
    return raw, ()


def _blocks(raw: bytes, at: Span, anomalies: list[Anomaly]) -> Iterator[tuple[str, bytes, Span]]:
    """(label, PEM text, where) of each block; a block without its end is an anomaly."""
    position = 0
    for _ in range(PEM_BLOCKS_MAX):
        start = raw.find(_BEGIN, position)
        if start < 0:
            return
        end = raw.find(_END, start)
        line_end = raw.find(b"-----", end + len(_END)) if end >= 0 else -1
        if line_end < 0:
            span = Span(at.path, at.offset + start, len(raw) - start)
            anomalies.append(Anomaly("pem-cut", span, "a PEM block without its end: the file is half-written or cut"))
            return
        position = line_end + 5
        label = raw[start + len(_BEGIN) : raw.find(b"-----", start + len(_BEGIN))]
        yield label.decode("ascii", "replace"), raw[start:position], Span(at.path, at.offset + start, position - start)


def _certificate(block: bytes, at: Span) -> Certificate | None:
    from cryptography import x509  # noqa: PLC0415 - slow to load, and not every run meets a certificate
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - as above

    try:
        loaded = x509.load_pem_x509_certificate(block)
        names, addresses = _alternative_names(loaded)
        public, key_type, bits = _public(loaded.public_key())
        signature_hash = loaded.signature_hash_algorithm
        return Certificate(
            loaded.subject.rfc4514_string(),
            loaded.issuer.rfc4514_string(),
            names,
            addresses,
            loaded.not_valid_before_utc,
            loaded.not_valid_after_utc,
            loaded.fingerprint(SHA256()).hex(),
            public,
            key_type,
            bits,
            signature_hash.name if signature_hash else None,
            at,
        )
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return None


def _alternative_names(certificate: x509.Certificate) -> tuple[tuple[str, ...], tuple[str, ...]]:
    from cryptography import x509  # noqa: PLC0415 - see _certificate

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return (), ()
    dns = tuple(names.get_values_for_type(x509.DNSName))
    return dns, tuple(str(address) for address in names.get_values_for_type(x509.IPAddress))


def _key(block: bytes, at: Span) -> Key | None:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - see _certificate
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - as above

    try:
        public, key_type, bits = _public(load_pem_private_key(block, password=None).public_key())
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: it is encrypted
        return None
    return Key(public, key_type, bits, at)


def _public(key: Any) -> tuple[str, str, int | None]:
    """Digest of the public key, its type and its size in bits."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415 - see _certificate

    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    kind = type(key).__name__.removesuffix("PublicKey").removeprefix("_")
    short = {"RSA": "RSA", "EllipticCurve": "EC", "Ed25519": "Ed25519"}.get(kind, kind)
    return hashlib.sha256(encoded).hexdigest(), short, getattr(key, "key_size", None)
