"""CERT003: a certificate that was expired, not yet valid, or about to expire when the evidence was taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from forensics.facts.cluster import Case
from forensics.facts.node import Node
from forensics.parsers.certificates import Certificate
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule

_SOON = timedelta(days=30)  # a month is enough to plan a rotation, and short enough not to be ignored


@rule(
    "CERT003",
    "certificate outside its dates",
    Severity.HIGH,
    scope=Case,
    needs=(Needs.CERTIFICATES,),
    fires_on=(
        "certificate/expired",
        "certificate/expires-soon",
    ),
    silent_on=("healthy/k8sd",),
)
def outside_dates(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Not-before and not-after of every certificate, at the newest time that the evidence itself carries (or `--as-of`).
    Expired or not yet valid is high; expiring within 30 days is low.
    ## Why it matters
    Members refuse each other's connections from that moment on: the cluster loses its leader although every directory
    is sound, and every node looks alike.
    ## When it is wrong
    Where the clock of the node, or the times in the archive, are wrong. A certificate that "is not yet valid" usually
    means a clock that ran backwards.
    ## What to do
    Renew the certificates with the product's own command, on all members. Do not touch the database.
    ## References
    https://github.com/canonical/lxd/issues/16690; FACTS 6.5
    """
    if case.as_of is None:
        yield NotChecked(case.as_of_source)
        return
    moment = datetime.fromtimestamp(case.as_of, UTC)
    for node in case.nodes():
        for certificate_file in node.credentials.certificates.values():
            if certificate_file.leaf is not None:
                yield from _judge(node, certificate_file.file.name, certificate_file.leaf, moment)


def _judge(node: Node, name: str, certificate: Certificate, moment: datetime) -> Iterator[Finding]:
    when = f"{moment:%Y-%m-%d}"
    if certificate.not_after < moment:
        message = f"{name} expired on {certificate.not_after:%Y-%m-%d}, before the evidence of {when}"
        yield Finding(message, (certificate.at,), nodes=(node.name,))
    elif certificate.not_before > moment + timedelta(days=1):  # clocks and time zones differ by less
        message = f"{name} is valid from {certificate.not_before:%Y-%m-%d} on, after the evidence of {when}"
        yield Finding(message, (certificate.at,), nodes=(node.name,))
    elif certificate.not_after < moment + _SOON:
        message = f"{name} expires on {certificate.not_after:%Y-%m-%d}, within 30 days of {when}"
        yield Finding(message, (certificate.at,), Severity.LOW, (node.name,))
