"""New certificates and keys for old ones: of the same kind, with the same dates, names replaced.

The new private key follows from the public half of the old one, so that pairs that fit stay pairs, and others do not.
No byte of an old key, serial number or signature is used.
"""

from __future__ import annotations

import base64
import ipaddress
import warnings
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from forensics.redact.keyed import Key
from forensics.redact.primes import rsa_key
from forensics.redact.texts import Texts

_KEPT_EXTENSIONS = (x509.BasicConstraints, x509.KeyUsage, x509.ExtendedKeyUsage)
_UNREADABLE = (ValueError, TypeError, OverflowError, UnsupportedAlgorithm, x509.DuplicateExtension,
               x509.UnsupportedGeneralNameType, x509.InvalidVersion)  # fmt: skip
_TRIES_MAX = 64  # last numbers of a serial number, tried until the certificate is as long as the old one
_PEM, _DER = serialization.Encoding.PEM, serialization.Encoding.DER


class Certificates:
    """Those of one input. Collects who issued what, then makes new ones."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._issuers: dict[bytes, Any] = {}
        self._made: dict[bytes, bytes] = {}
        self._serials: dict[int, bytes] = {}  # and the text that it stands in
        self._new_serials: dict[int, int] = {}

    def certificate(self, pem: bytes) -> bytes | None:
        """The new PEM block; None where the old one cannot be read, or its kind not be made."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of serial numbers and the like
                old = x509.load_pem_x509_certificate(pem)
                if old.version is not x509.Version.v3:
                    return None
                if not self._texts.settled:
                    return self._remember(old, pem)
                self._settle()
                der = old.public_bytes(_DER)
                if der not in self._made:
                    self._made[der] = self._new(old, der)
        except _UNREADABLE:
            return None
        self._texts.counts["certificates"] += 1
        return self._made[der]

    def key(self, pem: bytes, label: str) -> bytes | None:
        """The new PEM block of a private key; None where the old one cannot be read."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                old = serialization.load_pem_private_key(pem, password=None)
            new = derived(self._texts.key, old.public_key())
        except _UNREADABLE:
            return None
        form = serialization.PrivateFormat.PKCS8 if label == "PRIVATE KEY" else _traditional(new)
        self._texts.counts["private keys"] += 1
        made: bytes = new.private_bytes(_PEM, form, serialization.NoEncryption())
        return made.rstrip(b"\n")

    def _remember(self, old: x509.Certificate, pem: bytes) -> bytes:
        self._serials[old.serial_number] = pem
        self._issuers.setdefault(old.subject.public_bytes(), old.public_key())
        self._name(old.subject)
        self._name(old.issuer)
        for general in _alternatives(old):
            self._general(general)
            if isinstance(general, x509.DNSName):
                self._texts.identity(general.value.encode())
        return pem

    def _settle(self) -> None:
        """New serial numbers, as long as the old ones, that keep the order of certificates' texts: a table of members
        is sorted by them, and the first that differs between two is the serial number, at a whole group of base64.
        """
        if self._new_serials:
            return
        old = sorted(self._serials, key=lambda serial: self._serials[serial])
        for size in {_size(serial) for serial in old}:
            them = [serial for serial in old if _size(serial) == size]
            top = 1 << 8 * size - 2
            new = {top + (self._texts.key.below(top, b"serial", _bytes(one)) & -_TRIES_MAX) % top for one in them}
            spare = (top + number * _TRIES_MAX for number in range(top))
            while len(new) < len(them):
                new.add(next(spare))
            chosen = sorted(new, key=lambda one: base64.b64encode(_bytes(one)))
            self._new_serials |= dict(zip(them, chosen, strict=True))

    def _new(self, old: x509.Certificate, der: bytes) -> bytes:
        """As long as the old one, where signatures of some serial number make it so."""
        made = (self._signed(old, der, varied) for varied in range(_TRIES_MAX))
        new = next((one for one in made if len(one.public_bytes(_DER)) == len(der)), None)
        return (new or self._signed(old, der, 0)).public_bytes(_PEM).rstrip(b"\n")

    def _signed(self, old: x509.Certificate, der: bytes, varied: int) -> x509.Certificate:
        key = self._texts.key
        own = derived(key, old.public_key())
        signer = own if old.subject == old.issuer else derived(key, self._issuers.get(old.issuer.public_bytes()), der)
        builder = (
            x509.CertificateBuilder()
            .subject_name(self._name(old.subject))
            .issuer_name(self._name(old.issuer))
            .public_key(own.public_key())
            .serial_number(self._new_serials.get(old.serial_number, 1) + varied)
            .not_valid_before(old.not_valid_before_utc)
            .not_valid_after(old.not_valid_after_utc)
        )
        for extension in old.extensions:
            if isinstance(extension.value, _KEPT_EXTENSIONS):
                builder = builder.add_extension(extension.value, extension.critical)
        if alternatives := [self._general(one) for one in _alternatives(old)]:
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        elliptic = isinstance(signer, ec.EllipticCurvePrivateKey)
        algorithm = None if isinstance(signer, ed25519.Ed25519PrivateKey) else _hash(old)
        return builder.sign(signer, algorithm, ecdsa_deterministic=True if elliptic else None)

    def _name(self, name: x509.Name) -> x509.Name:
        return x509.Name([x509.NameAttribute(one.oid, self._text(str(one.value))) for one in name])

    def _general(self, name: x509.GeneralName) -> x509.GeneralName:
        if isinstance(name, x509.IPAddress):
            return x509.IPAddress(ipaddress.ip_address(self._text(str(name.value))))
        if isinstance(name, (x509.DNSName, x509.RFC822Name, x509.UniformResourceIdentifier)):
            return type(name)(self._text(name.value))
        raise x509.UnsupportedGeneralNameType("", 0)

    def _text(self, text: str) -> str:
        return self._texts.prose(text.encode()).decode("utf-8", "replace")


def _size(serial: int) -> int:
    """Bytes of a serial number in a certificate, which has a sign."""
    return serial.bit_length() // 8 + 1


def _bytes(serial: int) -> bytes:
    return serial.to_bytes(_size(serial), "big")


def derived(key: Key, public: Any, about: bytes = b"") -> Any:
    """The private key that stands for the one of this public key; of an unknown issuer's, one that nobody holds.

    Raises UnsupportedAlgorithm for kinds that cannot be made.
    """
    if public is None:
        return ec.derive_private_key(_number(key, b"issuer", about), ec.SECP384R1())
    der = public.public_bytes(_DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if isinstance(public, ec.EllipticCurvePublicKey):
        return ec.derive_private_key(_number(key, b"ec", der) >> 512 - public.key_size + 1 | 1, public.curve)
    if isinstance(public, ed25519.Ed25519PublicKey):
        return ed25519.Ed25519PrivateKey.from_private_bytes(key.digest(b"ed25519", der))
    if isinstance(public, rsa.RSAPublicKey):
        return rsa_key(key, der, public.key_size)
    raise UnsupportedAlgorithm("a key of another kind")


def _number(key: Key, what: bytes, about: bytes) -> int:
    """Of 512 bits."""
    return int.from_bytes(key.digest(what, b"0", about) + key.digest(what, b"1", about), "big")


def _traditional(key: Any) -> serialization.PrivateFormat:
    known = isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey))
    return serialization.PrivateFormat.TraditionalOpenSSL if known else serialization.PrivateFormat.PKCS8


def _alternatives(certificate: x509.Certificate) -> list[x509.GeneralName]:
    try:
        return list(certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    except x509.ExtensionNotFound:
        return []


def _hash(old: x509.Certificate) -> Any:
    algorithm = old.signature_hash_algorithm
    return algorithm if algorithm is not None and algorithm.name != "md5" else hashes.SHA256()
