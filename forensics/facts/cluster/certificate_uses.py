"""Every certificate of the evidence once, with all the places that hold it: what dates are judged on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Case
from forensics.facts.node.node import Node
from forensics.parsers.certificates import Certificate

_KEY_DIGITS = 32  # 128 bits of the fingerprint: no two certificates share them


@dataclass(frozen=True, slots=True)
class CertificatePlace:
    """One place where a certificate is kept.

    Attributes:
        node: name of the node; of the machine where no node is known.
        file: name of the file.
        at: the certificate in it.
        leaf: it is the first certificate of the file, for which the file is read.
        in_truststore: the file is a truststore entry.
        database: whose members it is for.
    """

    node: str
    file: str
    at: Span
    leaf: bool = True
    in_truststore: bool = False
    database: str = ""


@dataclass(frozen=True, slots=True)
class CertificateUse:
    """A certificate's dates, and every place where it is kept.

    Attributes:
        not_before, not_after: UTC; None where unknown.
        places: files of its own before truststore entries.
        key: what tells it from other certificates: its fingerprint, or the database and file that openssl's output is
            about.
    """

    not_before: datetime | None
    not_after: datetime | None
    places: tuple[CertificatePlace, ...]
    key: tuple[str, ...]

    @property
    def own(self) -> tuple[CertificatePlace, ...]:
        """Where members keep it for themselves; where others only trust it, if nobody does."""
        return tuple(place for place in self.places if not place.in_truststore) or self.places

    @property
    def leaf(self) -> bool:
        """In some file it comes first, not behind another."""
        return any(place.leaf for place in self.places)


def certificate_uses(case: Case) -> list[CertificateUse]:
    """Those in the upload by fingerprint, then those of which only openssl's output arrived."""
    by_fingerprint: dict[str, tuple[Certificate, list[CertificatePlace]]] = {}
    for node, database in ((node, one.product.database) for one in case.clusters for node in one.nodes):
        for certificate, place in _held(node, database):
            by_fingerprint.setdefault(certificate.fingerprint, (certificate, []))[1].append(place)
    found = [
        CertificateUse(
            certificate.not_before,
            certificate.not_after,
            tuple(sorted(places, key=lambda place: place.in_truststore)),
            (fingerprint[:_KEY_DIGITS],),
        )
        for fingerprint, (certificate, places) in by_fingerprint.items()
    ]
    known = {(use.not_before, use.not_after) for use in found}
    return found + [use for use in _by_openssl(case) if (use.not_before, use.not_after) not in known]


def _held(node: Node, database: str) -> Iterator[tuple[Certificate, CertificatePlace]]:
    for held in node.credentials.certificates.values():
        for number, certificate in enumerate(held.chain):
            place = CertificatePlace(node.name, held.file.name, certificate.at, number == 0, database=database)
            yield certificate, place
    for trust in node.microcluster.truststore if node.microcluster else []:
        if trust.entry is not None and trust.entry.certificate is not None:
            certificate = trust.entry.certificate
            place = CertificatePlace(node.name, trust.file.name, certificate.at, in_truststore=True, database=database)
            yield certificate, place


def _by_openssl(case: Case) -> Iterator[CertificateUse]:
    for host in case.hosts:
        for certificate in host.certificates:
            dates = certificate.parsed.value
            if dates is not None:
                nodes = [n.name for n in case.nodes_of(host) if n.state.product.database == certificate.database]
                name = next(iter(nodes), host.name or "")
                place = CertificatePlace(name, certificate.name, certificate.at, database=certificate.database)
                key = (certificate.database, certificate.name)
                yield CertificateUse(dates.not_before, dates.not_after, (place,), key)
