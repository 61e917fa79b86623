"""Every certificate of the evidence once, with all the places that hold it: what dates are judged on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Case
from forensics.facts.node.node import Node
from forensics.parsers.certificates import Certificate


@dataclass(frozen=True, slots=True)
class CertificatePlace:
    """One place of a certificate: the node's name, the file's, and whether it is the file's first certificate."""

    node: str
    file: str
    at: Span
    leaf: bool = True


@dataclass(frozen=True, slots=True)
class CertificateUse:
    """A certificate's dates (None where unknown), and where it is held, files of its own before truststores."""

    not_before: datetime | None
    not_after: datetime | None
    holdings: tuple[CertificatePlace, ...]

    @property
    def leaf(self) -> bool:
        """Somewhere it is the certificate that a file is read for, not one that follows."""
        return any(holding.leaf for holding in self.holdings)


def certificate_uses(case: Case) -> list[CertificateUse]:
    """Those at hand by fingerprint, then those of which only openssl's words arrived."""
    by_fingerprint: dict[str, tuple[Certificate, list[CertificatePlace]]] = {}
    for node in case.nodes():
        for certificate, holding in _held(node):
            by_fingerprint.setdefault(certificate.fingerprint, (certificate, []))[1].append(holding)
    found = [
        CertificateUse(certificate.not_before, certificate.not_after, tuple(sorted(holdings, key=_in_truststore)))
        for certificate, holdings in by_fingerprint.values()
    ]
    known = {(dated.not_before, dated.not_after) for dated in found}
    return found + [dated for dated in _by_openssl(case) if (dated.not_before, dated.not_after) not in known]


def _in_truststore(holding: CertificatePlace) -> bool:
    return holding.file.startswith("truststore/")


def _held(node: Node) -> Iterator[tuple[Certificate, CertificatePlace]]:
    for held in node.credentials.certificates.values():
        for number, certificate in enumerate(held.chain):
            yield certificate, CertificatePlace(node.name, held.file.name, certificate.at, number == 0)
    for trust in node.microcluster.truststore if node.microcluster else []:
        if trust.entry is not None and trust.entry.certificate is not None:
            yield trust.entry.certificate, CertificatePlace(node.name, trust.file.name, trust.entry.certificate.at)


def _by_openssl(case: Case) -> Iterator[CertificateUse]:
    for host in case.hosts:
        for certificate in host.certificates:
            dates = certificate.parsed.value
            if dates is not None:
                nodes = [n.name for n in case.nodes_of(host) if n.state.product.database == certificate.database]
                owner = next(iter(nodes), host.name or "")
                yield CertificateUse(
                    dates.not_before, dates.not_after, (CertificatePlace(owner, certificate.name, certificate.at),)
                )
