"""Certificates and keys, whole and damaged. The pairs are made by `cryptography`, whose answers are the truth."""

from __future__ import annotations

import random

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from forensics.evidence import BytesBlob
from forensics.parsers.certificates import parse_certificates, parse_key
from tests.made_certificates import MOMENT, make


def blob(data: bytes) -> BytesBlob:
    """Content of a file called cluster.crt."""
    return BytesBlob("cluster.crt", data)


def test_what_a_certificate_tells() -> None:
    """Names, dates and fingerprint are those that `cryptography` itself reads."""
    made = make("m", dns=("a.example", "b"), ips=("10.0.0.7", "fd00::1"), days=10)
    truth = x509.load_pem_x509_certificate(made.certificate)

    parsed = parse_certificates(blob(made.certificate))

    assert parsed.whole
    assert parsed.value is not None
    leaf = parsed.value[0]
    assert leaf.fingerprint == truth.fingerprint(SHA256()).hex()
    assert leaf.names == ("a.example", "b")
    assert leaf.addresses == ("10.0.0.7", "fd00::1")
    assert (leaf.not_before, leaf.not_after) == (MOMENT, truth.not_valid_after_utc)
    assert (leaf.subject, leaf.key_type, leaf.key_bits) == ("CN=m", "EC", 384)


def test_key_belongs_to_certificate_only_if_made_together() -> None:
    """The public halves agree within a pair, and differ between pairs."""
    one, other = make(), make()
    leaf = (parse_certificates(blob(one.certificate)).value or ())[0]

    keys = [parse_key(blob(made.key)).value for made in (one, other)]

    assert keys[0] is not None
    assert keys[1] is not None
    assert keys[0].public_key == leaf.public_key
    assert keys[1].public_key != leaf.public_key


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "certificate-empty"),
        (b"\n", "certificate-empty"),
        (bytes(1200), "certificate-zeros"),
        (b"not a certificate", "certificate-none"),
        (make().certificate[:300], "pem-cut"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "certificate-unreadable"),
        (make().key, "certificate-holds-key"),
    ],
)
def test_unusable_files_say_why(data: bytes, code: str) -> None:
    """Each way in which a file is found broken has its own code, and gives no certificate."""
    parsed = parse_certificates(blob(data))

    assert parsed.value is None
    assert [anomaly.code for anomaly in parsed.anomalies] == [code]


def test_a_bad_block_does_not_hide_the_next() -> None:
    """Of a chain whose first block is broken, the second is still read, at its own offset."""
    broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    made = make()

    parsed = parse_certificates(blob(broken + made.certificate))

    assert parsed.value is not None
    assert parsed.value[0].at.offset == len(broken)
    assert [anomaly.code for anomaly in parsed.anomalies] == ["certificate-unreadable"]


def test_no_key_material_in_what_is_said() -> None:
    """Neither the value nor the anomalies of a key file, whole or damaged, show any line of it."""
    key = make().key
    lines = [line.decode() for line in key.splitlines() if not line.startswith(b"---")]
    for data in (key, key[:200], key.replace(b"A", b"!"), b"x" + key):
        said = repr(parse_key(BytesBlob("cluster.key", data)))
        assert not any(line in said for line in lines)


def test_damage_never_raises() -> None:
    """A thousand random edits of a pair give values or anomalies, never an exception."""
    chance = random.Random(1)  # noqa: S311 - a reproducible choice of damage, no secret
    made = make()
    for _ in range(1000):
        data = bytearray(chance.choice((made.certificate, made.key)))
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        for parsed in (parse_certificates(blob(bytes(data))), parse_key(blob(bytes(data)))):
            assert parsed.value is not None or parsed.anomalies
