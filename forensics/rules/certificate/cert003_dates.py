"""CERT003: a certificate that was expired, not yet valid, or about to expire when the evidence was taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from forensics.facts.cluster.cluster import AsOf, Case
from forensics.facts.node.certificate_dates import CertificateUse, certificate_uses
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule

_SOON = timedelta(days=30)  # a month is enough to plan a rotation, and short enough not to be ignored
_SLACK = timedelta(days=1)  # clocks and time zones of what the evidence tells differ by less
_OLDEST = datetime(2015, 1, 1, tzinfo=UTC)  # before dqlite there was no evidence: times were not kept (zip, 1970)


@rule(
    "CERT003",
    "certificate outside its dates",
    Severity.HIGH,
    scope=Case,
    fires_on=(
        "certificate/expired",
        "certificate/expires-soon",
        "certificate/not-yet-valid",
        "certificate/expired-by-openssl",
        "certificate/expired-in-truststore",
    ),
    silent_on=("healthy/k8sd", "healthy/lxd"),
)
def outside_dates(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Not-before and not-after of every certificate at hand, those of truststores and of chains too, and the dates that
    openssl printed for sos; at the time of collection, else the newest time that the evidence itself carries, or
    `--as-of`. The message says which. Expired or not yet valid is high; expiring within 30 days is low; an expired
    certificate behind the first of its file is medium.
    ## Why it matters
    Members refuse each other's connections from that moment on: the cluster loses its leader although every directory
    is sound, and every node looks alike.
    ## False alarm if
    Where the clock of the node, or the times in the archive, are wrong. A certificate that "is not yet valid" usually
    means a clock that ran backwards. File times may be older than the collection: by them alone "not yet valid" is
    low, and it is the times or the clock that need a look.
    ## What to do
    Renew the certificates with the product's own command, on all members. Do not touch the database.
    ## References
    https://github.com/canonical/lxd/issues/16690; canonical/lxd lxd/util/http.go (CheckMutualTLS looks at both dates of
    trusted certificates); sosreport/sos sos/report/plugins; FACTS 6.5, 10.2
    """
    certificates = certificate_uses(case)
    if not certificates:
        yield NotChecked(f"missing: {Needs.CERTIFICATES.value}")
        return
    moment = _moment(case)
    if moment is None:
        yield NotChecked("the evidence carries no believable time" if case.as_of else case.as_of_source)
        return
    for dated in certificates:
        yield from _judge(dated, moment, case)


def _moment(case: Case) -> datetime | None:
    try:
        moment = None if case.as_of is None else datetime.fromtimestamp(case.as_of, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    if moment is None or case.as_of_kind is AsOf.ASKED:
        return moment
    return moment if moment >= _OLDEST else None


def _judge(dated: CertificateUse, moment: datetime, case: Case) -> Iterator[Finding]:
    names = ", ".join(dict.fromkeys(holding.file for holding in dated.holdings))
    own = [holding for holding in dated.holdings if not holding.file.startswith("truststore/")]
    nodes = tuple(dict.fromkeys(holding.node for holding in own or dated.holdings))
    evidence = tuple(holding.at for holding in dated.holdings)
    when = f"{moment:%Y-%m-%d %H:%M} UTC, {case.as_of_source}"
    begin, end = dated.not_before, dated.not_after
    slack = timedelta(0) if case.as_of_kind is AsOf.ASKED else _SLACK
    if end is not None and end < moment:
        message = f"{names} expired on {end:%Y-%m-%d %H:%M} UTC, before {when}"
        if dated.leaf:
            yield Finding(message, evidence, nodes=nodes)
        else:
            yield Finding(f"a further certificate of {message}", evidence, Severity.MEDIUM, nodes)
    elif begin is not None and begin > moment + slack:
        message = f"{names} is valid from {begin:%Y-%m-%d %H:%M} UTC on, after {when}"
        if case.as_of_kind is AsOf.FILES:
            message += ": file times were not kept, or a clock was wrong"
            yield Finding(message, evidence, Severity.LOW, nodes, Effect.NONE)
        else:
            yield Finding(message, evidence, nodes=nodes)
    elif end is not None and end < moment + _SOON:
        message = f"{names} expires on {end:%Y-%m-%d}, within 30 days of {when}"
        yield Finding(message, evidence, Severity.LOW, nodes)
