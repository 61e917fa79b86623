"""Pairs that `openssl` makes, of every kind that turns up: taken where Go takes them, refused where Go refuses them.

The answers are those of Go 1.26's tls.LoadX509KeyPair on these very files: every product here loads its pair by it.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from forensics.evidence import BytesBlob
from forensics.parsers.certificates import BESIDE_KEY, parse_certificates, parse_key

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

TAKEN = {
    "rsa1024": "genrsa 1024",
    "rsa2048": "genrsa 2048",
    "rsa4096": "genrsa 4096",
    "pkcs1": "genrsa -traditional 2048",
    "p224": "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-224",
    "p256": "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
    "p384": "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384",
    "p521": "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521",
    "sec1": "ecparam -name prime256v1 -genkey",
    "ed25519": "genpkey -algorithm ed25519",
}
REFUSED = {
    "secp256k1": "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1",
    "brainpool": "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1",
    "explicit": "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
    "ed448": "genpkey -algorithm ed448",
    "rsa-pss": "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048",
}


def openssl(*words: str | Path, given: bytes = b"") -> bytes:
    """What it prints."""
    done = subprocess.run(["openssl", *map(str, words)], input=given, capture_output=True, check=True)
    return done.stdout


def self_signed(key: bytes, folder: Path, *words: str) -> bytes:
    """A certificate for the key."""
    where = folder / "key.pem"
    where.write_bytes(key)
    names = ("-addext", "subjectAltName=DNS:n1,IP:127.0.0.1")
    return openssl("req", "-x509", "-new", "-key", where, "-days", "30", "-subj", "/CN=k8s", *names, *words)


@pytest.fixture(scope="module")
def rsa(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """A certificate and its key."""
    key = openssl("genrsa", "2048")
    return self_signed(key, tmp_path_factory.mktemp("rsa")), key


def taken(certificate: bytes, key: bytes) -> bool:
    """The pair would be loaded: both read, neither refused, and they belong together."""
    crt, private = parse_certificates(BytesBlob("cluster.crt", certificate)), parse_key(BytesBlob("cluster.key", key))
    troubles = [anomaly for anomaly in (*crt.anomalies, *private.anomalies) if anomaly.code != BESIDE_KEY]
    leaf = crt.value[0] if crt.value else None
    return (
        not troubles and leaf is not None and private.value is not None and leaf.public_key == private.value.public_key
    )


@pytest.mark.parametrize("kind", [*TAKEN, *REFUSED])
def test_kinds_of_keys_are_taken_as_go_takes_them(kind: str, tmp_path: Path) -> None:
    key = openssl(*(TAKEN | REFUSED)[kind].split())
    certificate = self_signed(key, tmp_path)

    assert taken(certificate, key) is (kind in TAKEN)
    parsed = parse_certificates(BytesBlob("cluster.crt", certificate))
    assert parsed.value is not None  # its dates can be judged in any case
    assert parsed.value[0].names == ("n1",)


@pytest.mark.parametrize("hash_name", ["sha1", "md5"])
def test_weak_signatures_are_named_and_taken(hash_name: str, rsa: tuple[bytes, bytes], tmp_path: Path) -> None:
    certificate = self_signed(rsa[1], tmp_path, f"-{hash_name}")

    assert taken(certificate, rsa[1])
    assert (parse_certificates(BytesBlob("c", certificate)).value or ())[0].signature_hash == hash_name


def test_version_one_is_told(rsa: tuple[bytes, bytes], tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(rsa[1])
    request = openssl("req", "-new", "-key", tmp_path / "key", "-subj", "/CN=v1")
    certificate = openssl("x509", "-req", "-signkey", tmp_path / "key", "-days", "30", given=request)

    leaf = (parse_certificates(BytesBlob("c", certificate)).value or ())[0]
    assert (leaf.version, leaf.names) == (1, ())
    assert taken(certificate, rsa[1])


def test_forms_that_go_takes(rsa: tuple[bytes, bytes]) -> None:
    """Windows line ends, text before the block, a chain, a key file that holds the certificate, and the reverse."""
    certificate, key = rsa
    text = openssl("x509", "-text", given=certificate)
    assert text.startswith(b"Certificate:")
    for pair in (
        (certificate.replace(b"\n", b"\r\n"), key.replace(b"\n", b"\r\n")),
        (text, key),
        (certificate + certificate, key),
        (certificate, certificate + key),
        (key + certificate, key),
    ):
        assert taken(*pair)


def test_forms_that_go_refuses_and_why(rsa: tuple[bytes, bytes]) -> None:
    certificate, key = rsa
    hidden = openssl("pkcs8", "-topk8", "-passout", "pass:x", given=key)
    hidden_pkcs1 = openssl("rsa", "-aes128", "-traditional", "-passout", "pass:x", given=key)
    public = openssl("rsa", "-pubout", given=key)
    for crt, private, code in (
        (openssl("x509", "-outform", "DER", given=certificate), key, "certificate-der"),
        (certificate, openssl("rsa", "-outform", "DER", given=key), "key-der"),
        (certificate, hidden, "key-encrypted"),
        (certificate, hidden_pkcs1, "key-encrypted"),
        (certificate, public, "key-none"),
        (openssl("x509", "-trustout", given=certificate), key, "certificate-block"),
        (certificate[:600], key, "pem-cut"),
        (certificate, key[:600], "pem-cut"),
        (b"\xef\xbb\xbf" + certificate, key, "pem-misplaced"),
        (b"".join(b"    " + line for line in certificate.splitlines(keepends=True)), key, "pem-misplaced"),
        (certificate.decode().encode("utf-16"), key, "certificate-none"),
        (key, certificate, "key-is-certificate"),
        (bytes(range(256)), key, "certificate-none"),
    ):
        assert not taken(crt, private)
        anomalies = (
            *parse_certificates(BytesBlob("c", crt)).anomalies,
            *parse_key(BytesBlob("k", private)).anomalies,
        )
        assert code in [anomaly.code for anomaly in anomalies]


def test_another_key_is_refused_without_anomaly(rsa: tuple[bytes, bytes]) -> None:
    """Each file by itself is sound: only the comparison of public halves tells."""
    other = openssl("genrsa", "2048")
    assert not taken(rsa[0], other)
    assert parse_key(BytesBlob("k", other)).whole
