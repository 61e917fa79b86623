"""Certificates, and whom microcluster trusts. Of a key only whether it belongs to its certificate."""

from __future__ import annotations

from forensics.report.document.part import Count, Part


class Certificate(Part):
    """The leaf of a certificate file; null where it cannot be read.

    Attributes:
        file: its name.
        key_matches: the key beside it belongs to it; null where not both can be read.
        subject: its subject.
        names: DNS names that it is for.
        addresses: IP addresses that it is for.
        not_before: valid from, ISO 8601.
        not_after: valid until, ISO 8601.
        fingerprint: SHA-256 of the certificate, in hex.
        key_type: of its public key.
        key_bits: of its public key.
    """

    file: str
    key_matches: bool | None = None
    subject: str | None = None
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    not_before: str | None = None
    not_after: str | None = None
    fingerprint: str | None = None
    key_type: str | None = None
    key_bits: Count | None = None


class Trust(Part):
    """One entry of a truststore.

    Attributes:
        file: its name.
        name: the member's.
        address: the member's.
        fingerprint: SHA-256 of the member's certificate, in hex.
    """

    file: str
    name: str | None
    address: str | None
    fingerprint: str | None


class Microcluster(Part):
    """daemon.yaml and the truststore.

    Attributes:
        name: the member's own name.
        address: its own address.
        truststore: whom it trusts.
    """

    name: str | None
    address: str | None
    truststore: tuple[Trust, ...]
