"""CERT003: a certificate that was expired, not yet valid, or about to expire when the evidence was taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from forensics.facts.cluster.cluster import Case
from forensics.facts.machine.moment import AsOf
from forensics.facts.node.certificate_dates import CertificateUse, certificate_uses
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, listed, moment

_SOON = timedelta(days=30)  # a month is enough to plan a rotation, and short enough not to be ignored
_SLACK = timedelta(days=1)  # clocks and time zones of what the evidence tells differ by less
_OLDEST = datetime(2015, 1, 1, tzinfo=UTC)  # before dqlite there was no evidence: times were not kept (zip, 1970)


@dataclass(frozen=True, slots=True)
class _Dates:
    """A certificate whose dates are judged.

    Attributes:
        files: names of the files that hold it.
        since, until: when it begins and ends to be valid; None where not known.
        judged_at: the moment that the dates are compared with.
        source: where that moment comes from, as the case words it.
    """

    files: tuple[str, ...]
    since: datetime | None
    until: datetime | None
    judged_at: datetime
    source: str

    @property
    def judged(self) -> str:
        """One sentence."""
        return f"Judged at {moment(self.judged_at)} ({self.source})."


@dataclass(frozen=True, slots=True)
class Expired(_Dates):
    """It had ended."""

    kind: ClassVar[str] = "expired"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        end = moment(self.until) if self.until else "an unknown day"
        return Words(f"the certificate in {listed(self.files)} expired on {end}", (self.judged,))


@dataclass(frozen=True, slots=True)
class FurtherExpired(_Dates):
    """One that only follows another in its file had ended."""

    kind: ClassVar[str] = "further-expired"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        end = moment(self.until) if self.until else "an unknown day"
        return Words(
            f"a further certificate in {listed(self.files)} expired on {end}",
            (self.judged, "The first certificate of the file is judged by itself."),
            "Find out whether other members check this certificate. If they do, renew it on all members.",
        )


@dataclass(frozen=True, slots=True)
class NotYetValid(_Dates):
    """It begins later.

    Attributes:
        by_file_times: the moment is only that of the newest file.
    """

    kind: ClassVar[str] = "not-yet-valid"
    by_file_times: bool

    def words(self, _: Severity) -> Words:
        """See Problem."""
        start = moment(self.since) if self.since else "an unknown day"
        problem = f"the certificate in {listed(self.files)} is not valid before {start}"
        if not self.by_file_times:
            return Words(problem, (self.judged,))
        doubt = "File times may have been lost when the copy was made, or a clock was wrong."
        return Words(
            problem, (self.judged, doubt), "Check the clock of the node. Do not renew the certificate for this."
        )


@dataclass(frozen=True, slots=True)
class ExpiresSoon(_Dates):
    """It ends within 30 days."""

    kind: ClassVar[str] = "expires-soon"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        end = moment(self.until) if self.until else "an unknown day"
        return Words(
            f"the certificate in {listed(self.files)} expires on {end}",
            (self.judged, "Less than 30 days are left."),
            "Renew the certificate on all members before that day, with the product's own command.",
        )


@rule(
    "CERT003",
    "certificate outside its dates",
    Severity.HIGH,
    fault=FaultKind.CERTIFICATE,
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
    From when until when each certificate is valid: those in files, those that follow in the same file, those in
    truststore entries, and those of which sos kept only the dates. They are compared with the time of collection, else
    with the newest time in the evidence, or with `--as-of`; the finding says with which.
    ## Why it matters
    From the day of expiry on, members refuse each other's connections. The cluster loses its leader although every
    state directory is sound, and all nodes look alike.
    ## False alarm if
    The clock of the node or the times in the archive are wrong. A certificate that is not valid yet usually means a
    clock that was set back. Milder findings: one that expires within 30 days; one that only follows another in its
    file; and one that is not valid yet by file times alone, for files may be older than the collection.
    ## What to do
    Renew the certificates on all members, with the product's own command. Do not touch the database.
    ## References
    https://github.com/canonical/lxd/issues/16690; canonical/lxd lxd/util/http.go (CheckMutualTLS looks at both dates of
    trusted certificates); sosreport/sos sos/report/plugins; docs/reference/go-dqlite.md#tls;
    docs/reference/collectors.md#plugins-of-sos
    """
    certificates = certificate_uses(case)
    if not certificates:
        yield NotChecked(Needs.CERTIFICATES.value, "missing-certificates")
        return
    judged_at = _judged_at(case)
    if judged_at is None:
        known = case.as_of is not None
        yield NotChecked("the evidence has no credible time" if known else case.as_of_source, "time-unknown")
        return
    for use in certificates:
        yield from _judge(use, judged_at, case)


def _judged_at(case: Case) -> datetime | None:
    try:
        asked = None if case.as_of is None else datetime.fromtimestamp(case.as_of, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    if asked is None or case.as_of_kind is AsOf.ASKED:
        return asked
    return asked if asked >= _OLDEST else None


def _judge(use: CertificateUse, now: datetime, case: Case) -> Iterator[Finding]:
    own = [place for place in use.places if not place.in_truststore] or use.places
    nodes = tuple(dict.fromkeys(place.node for place in own))
    evidence = tuple(place.at for place in use.places)
    files = tuple(dict.fromkeys(place.file for place in use.places))
    start, end = use.not_before, use.not_after
    values = (files, start, end, now, case.as_of_source)
    slack = timedelta(0) if case.as_of_kind is AsOf.ASKED else _SLACK
    if end is not None and end < now:
        problem, severity = (Expired(*values), None) if use.leaf else (FurtherExpired(*values), Severity.MEDIUM)
        yield Finding(problem, evidence, severity, nodes, where=use.key)
    elif start is not None and start > now + slack:
        by_files = case.as_of_kind is AsOf.FILES
        severity, effect = (Severity.LOW, Effect.NONE) if by_files else (None, None)
        yield Finding(NotYetValid(*values, by_files), evidence, severity, nodes, effect, where=use.key)
    elif end is not None and end < now + _SOON:
        yield Finding(ExpiresSoon(*values), evidence, Severity.LOW, nodes, where=use.key)
