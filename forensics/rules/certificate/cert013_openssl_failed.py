"""CERT013: openssl could not read the certificate when sos asked it for the dates."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.rules.api import Finding, NotChecked, Severity, rule


@rule(
    "CERT013",
    "certificate that openssl could not read",
    Severity.HIGH,
    scope=Case,
    fires_on=("certificate/unreadable-by-openssl",),
    silent_on=("certificate/expired-by-openssl",),
)
def openssl_failed(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    What `openssl x509 … -noout -dates` printed on the host, as sos keeps it: dates, or that there is no certificate in
    the file.
    ## Why it matters
    sos copies no certificate: this text is all that tells of an empty or half-written `cluster.crt`. The daemon reads
    it before anything else, and does not start.
    ## False alarm if
    `No such file or directory` is not counted: a server that is in no cluster has no `cluster.crt`.
    ## What to do
    Look at the file's size and the disk. `cluster.crt` and `cluster.key` are the same on all members: copy both from a
    healthy one.
    ## References
    sosreport/sos sos/report/plugins/{microk8s,lxd,ceph_common,microcloud,microovn}.py; FACTS 10.2
    """
    told = [(host, certificate) for host in case.hosts for certificate in host.certificates]
    if not told:
        yield NotChecked("no words of openssl in the input")
    for host, certificate in told:
        own = [n.name for n in case.nodes_of(host) if n.state.product.database == certificate.database]
        for anomaly in certificate.parsed.anomalies:
            nodes = tuple(dict.fromkeys(own)) or ((host.name,) if host.name else ())
            yield Finding(f"{certificate.name}: {anomaly.detail}", (anomaly.at,), nodes=nodes)
