"""CERT013: openssl could not read the certificate when sos asked it for the dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, NotChecked, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class UnreadableByOpenssl:
    """A certificate file that openssl could not read on the host.

    Attributes:
        file: its name.
        of_database: the database that it is of.
    """

    kind: ClassVar[str] = "unreadable-by-openssl"
    file: str
    of_database: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"openssl could not read {self.file} of {self.of_database} on the host")


@rule(
    "CERT013",
    "certificate that openssl could not read",
    Severity.HIGH,
    fault=FaultKind.CERTIFICATE,
    scope=Case,
    fires_on=("certificate/unreadable-by-openssl",),
    silent_on=("certificate/expired-by-openssl",),
)
def openssl_failed(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    What `openssl x509 … -noout -dates` printed on the host, as sos keeps it: the dates, or that the file contains no
    certificate.
    ## Why it matters
    sos copies no certificates: this text alone tells of an empty or half-written `cluster.crt`. The daemon reads that
    file first, and does not start without it.
    ## False alarm if
    Never, as far as is known. `No such file or directory` is not reported: a server that is in no cluster has no
    `cluster.crt`.
    ## What to do
    Check the size of the file and whether the disk is full. `cluster.crt` and `cluster.key` are the same on all
    members: copy both from a healthy one.
    ## References
    sosreport/sos sos/report/plugins/{microk8s,lxd,ceph_common,microcloud,microovn}.py;
    docs/reference/collectors.md#plugins-of-sos
    """
    told = [(host, certificate) for host in case.hosts for certificate in host.certificates]
    if not told:
        yield NotChecked("the output of openssl is not in the upload", "missing-openssl-output")
    for host, certificate in told:
        if certificate.parsed.anomalies:
            own = [n.name for n in case.nodes_of(host) if n.state.product.database == certificate.database]
            yield Finding(
                UnreadableByOpenssl(certificate.name, certificate.database),
                tuple(anomaly.at for anomaly in certificate.parsed.anomalies),
                nodes=tuple(dict.fromkeys(own)) or ((host.name,) if host.name else ()),
                where=(certificate.database, certificate.name),
            )
