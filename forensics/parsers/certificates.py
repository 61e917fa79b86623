"""Certificates and private keys. A key leaves this module only as the digest of its public half.

`cryptography` does the parsing; imported where used, because it is slow to load.
Source: the files of go-dqlite's TLS set-up and of microcluster; docs/reference/go-dqlite.md#tls;
docs/reference/microcluster.md#state-directory.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from forensics.evidence import Anomaly, Blob, Parsed, Span
from forensics.parsers.pem import Block, none_found, read_blocks, read_content

if TYPE_CHECKING:
    from cryptography import x509

BESIDE_KEY = "certificate-beside-key"  # harmless to TLS, and a leak: certificates are readable by everyone
_LABEL = re.compile(r"[A-Z0-9 ]{1,40}")
_GO_KINDS = ("RSA", "EC", "Ed25519")  # that X509KeyPair can sign with (golang/go src/crypto/tls/tls.go)
_GO_CURVES = ("secp224r1", "secp256r1", "secp384r1", "secp521r1")  # golang/go src/crypto/x509/x509.go


@dataclass(frozen=True, slots=True)
class Certificate:
    """One X.509 certificate.

    Attributes:
        subject, issuer: as RFC 4514 text.
        names: DNS names, in order: go-dqlite dials by the first.
        addresses: IP addresses.
        not_before, not_after: UTC.
        fingerprint: SHA-256 of the whole certificate, hex.
        public_key: SHA-256 of the public key (SubjectPublicKeyInfo), hex: compare with Key.public_key. None where it
            is of a kind that cannot be read.
        key_type, key_bits: `RSA` 4096, `EC` 384, …
        signature_hash: `sha256`, …; None where the signature names none (Ed25519), or an unknown one.
        version: of X.509: 1 or 3.
        at: the PEM block.
    """

    subject: str
    issuer: str
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    fingerprint: str
    public_key: str | None
    key_type: str
    key_bits: int | None
    signature_hash: str | None
    version: int
    at: Span


@dataclass(frozen=True, slots=True)
class Key:
    """What may be known of a private key."""

    public_key: str | None
    key_type: str
    key_bits: int | None
    at: Span


def parse_certificates(blob: Blob) -> Parsed[tuple[Certificate, ...]]:
    """All certificates of a PEM file, leaf first. A bad one does not hide the others."""
    raw, unreadable = read_content(blob, "certificate")
    if raw is None:
        return Parsed(None, unreadable)
    return certificates_of(raw, blob.span())


def certificates_of(raw: bytes, at: Span) -> Parsed[tuple[Certificate, ...]]:
    """As parse_certificates, for PEM text that lies at `at` (a truststore entry carries one inside YAML)."""
    anomalies: list[Anomaly] = []
    blocks = list(read_blocks(raw, at, anomalies))
    read = [_certificate(block) for block in blocks if block.label == "CERTIFICATE"]
    anomalies += [trouble for _, trouble in read if trouble is not None]
    keys = [block for block in blocks if block.is_key]
    if read:
        anomalies += [Anomaly(BESIDE_KEY, key.at, "it contains a private key beside the certificate") for key in keys]
    elif blocks:
        anomalies.append(_instead(blocks, keys))
    elif not anomalies:
        anomalies.append(none_found(raw, at, "certificate"))
    found = tuple(certificate for certificate, _ in read if certificate is not None)
    return Parsed(found or None, tuple(anomalies))


def _instead(blocks: list[Block], keys: list[Block]) -> Anomaly:
    """What a file without a certificate holds."""
    if keys:
        detail = "it contains a private key and no certificate, as if the two files were swapped"
        return Anomaly("certificate-holds-key", keys[0].at, detail)
    labels = ", ".join(sorted({_printable(block.label) for block in blocks}))
    return Anomaly("certificate-block", blocks[0].at, f"it contains no certificate, but {labels}")


def parse_key(blob: Blob) -> Parsed[Key]:
    """The public half of the first private key in a PEM file; X509KeyPair takes the first, too."""
    raw, unreadable = read_content(blob, "key")
    if raw is None:
        return Parsed(None, unreadable)
    anomalies: list[Anomaly] = []
    blocks = list(read_blocks(raw, blob.span(), anomalies))
    first = next((block for block in blocks if block.is_key), None)
    if first is not None:
        key, trouble = _key(first)
        return Parsed(key, (*anomalies, *trouble))
    if any(block.label == "CERTIFICATE" for block in blocks):
        detail = "it contains a certificate and no private key, as if the two files were swapped"
        anomalies.append(Anomaly("key-is-certificate", blocks[0].at, detail))
    elif blocks:
        anomalies.append(
            Anomaly("key-none", blocks[0].at, f"it contains no private key, but {_printable(blocks[0].label)}")
        )
    elif not anomalies:
        anomalies.append(none_found(raw, blob.span(), "key"))
    return Parsed(None, tuple(anomalies))


def _printable(label: str) -> str:
    """A PEM label as it may stand in a message: they are short, in capitals."""
    return label if _LABEL.fullmatch(label) else "another PEM block"


def _certificate(block: Block) -> tuple[Certificate | None, Anomaly | None]:
    """The certificate, and what Go's TLS would say against it (its dates can be read all the same)."""
    from cryptography import x509  # noqa: PLC0415 - slow to load, and not every run meets a certificate
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - as above

    unreadable = Anomaly("certificate-unreadable", block.at, "the certificate in it cannot be read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of serial numbers and the like: nothing that a product minds
            loaded = x509.load_pem_x509_certificate(block.text)
            names, addresses = _alternative_names(loaded)
            version = loaded.version.value + 1
            fingerprint = loaded.fingerprint(SHA256()).hex()
            texts = (loaded.subject.rfc4514_string(), loaded.issuer.rfc4514_string())
            dates = (loaded.not_valid_before_utc, loaded.not_valid_after_utc)
            public = _public_of(loaded)
            signature_hash = _signature_hash(loaded)
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm):
        return None, unreadable
    except (x509.DuplicateExtension, x509.UnsupportedGeneralNameType, x509.InvalidVersion):
        return None, unreadable
    certificate = Certificate(
        *texts,
        names,
        addresses,
        *dates,
        fingerprint,
        public.digest,
        public.kind,
        public.bits,
        signature_hash,
        version,
        block.at,
    )
    if public.refused is None:
        return certificate, None
    return certificate, Anomaly(
        "certificate-refused", block.at, f"it has {public.refused}, which Go's TLS does not accept"
    )


def _alternative_names(certificate: x509.Certificate) -> tuple[tuple[str, ...], tuple[str, ...]]:
    from cryptography import x509  # noqa: PLC0415 - see _certificate

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return (), ()
    dns = tuple(names.get_values_for_type(x509.DNSName))
    return dns, tuple(str(address) for address in names.get_values_for_type(x509.IPAddress))


def _signature_hash(certificate: x509.Certificate) -> str | None:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - see _certificate

    try:
        algorithm = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return None
    return algorithm.name if algorithm else None


def _key(block: Block) -> tuple[Key | None, tuple[Anomaly, ...]]:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - see _certificate
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - as above

    if block.label == "ENCRYPTED PRIVATE KEY" or b"Proc-Type: 4,ENCRYPTED" in block.text:
        return None, (Anomaly("key-encrypted", block.at, "it is protected by a passphrase, so no product can read it"),)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            public = _public(load_pem_private_key(block.text, password=None).public_key())
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm):
        return None, (Anomaly("key-unreadable", block.at, "the private key in it cannot be read"),)
    return Key(public.digest, public.kind, public.bits, block.at), ()


@dataclass(frozen=True, slots=True)
class _Public:
    """A public key: its digest (None where it cannot be read), kind, bits, and why Go's TLS refuses it."""

    digest: str | None
    kind: str
    bits: int | None
    refused: str | None = None


def _public_of(certificate: x509.Certificate) -> _Public:
    """Of a certificate; written in another form than the usual one, Go does not take it for what it is."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - see _certificate
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415 - as above

    try:
        key = certificate.public_key()
        public = _public(key)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return _Public(None, "unknown", None, "a public key of an unknown kind")
    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if public.refused is None and encoded not in certificate.tbs_certificate_bytes:
        forms = {"EC": "a curve written out instead of named", "RSA": "an RSA-PSS key"}
        refused = forms.get(public.kind, f"an unusual form of {public.kind} key")
        return _Public(public.digest, public.kind, public.bits, refused)
    return public


def _public(key: Any) -> _Public:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415 - see _certificate

    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    kind = type(key).__name__.removesuffix("PublicKey").removeprefix("_")
    short = {"RSA": "RSA", "EllipticCurve": "EC", "Ed25519": "Ed25519"}.get(kind, kind)
    curve = getattr(getattr(key, "curve", None), "name", None)
    refused = None
    if short not in _GO_KINDS:
        refused = f"a key of kind {short}"
    elif curve is not None and curve not in _GO_CURVES:
        refused = f"a key on the curve {curve}"
    return _Public(hashlib.sha256(encoded).hexdigest(), short, getattr(key, "key_size", None), refused)
