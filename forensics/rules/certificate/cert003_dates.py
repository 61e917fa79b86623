"""CERT003: a certificate that was expired, not yet valid, or about to expire when the evidence was taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from forensics.facts.cluster.certificate_uses import CertificateUse, certificate_uses
from forensics.facts.cluster.cluster import Case
from forensics.facts.machine.moment import AsOf, Moment
from forensics.facts.machine.words import source_words
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Problem, Severity, rule
from forensics.rules.certificate_reach import SHARED, Reach, reach_of
from forensics.wording import Words, listed, moment, sentences

_SOON = timedelta(days=30)  # a month is enough to plan a rotation, and short enough not to be ignored
_SLACK = timedelta(days=1)  # clocks and time zones of what the evidence tells differ by less
_OLDEST = datetime(2015, 1, 1, tzinfo=UTC)  # before dqlite there was no evidence: times were not kept (zip, 1970)


@dataclass(frozen=True, slots=True)
class _Dates:
    """Certificates whose dates are judged.

    Attributes:
        files: names of the files that hold them.
        since, until: when the telling one begins and ends to be valid; None where not known.
        judged_at: the moment that the dates are compared with.
        judged_by: where that moment comes from.
    """

    files: tuple[str, ...]
    since: datetime | None
    until: datetime | None
    judged_at: datetime
    judged_by: Moment

    @property
    def judged(self) -> str:
        """One sentence."""
        return f"Judged at {moment(self.judged_at)} ({source_words(self.judged_by)})."


@dataclass(frozen=True, slots=True)
class Expired(_Dates):
    """They had ended; the telling one first of all.

    Attributes:
        reach: whom it keeps out.
    """

    kind: ClassVar[str] = "expired"
    reach: Reach

    def words(self, _: Severity) -> Words:
        """See Problem."""
        end = moment(self.until) if self.until else "an unknown day"
        return Words(
            f"the certificate in {listed(self.files)} expired on {end}", sentences(_REACH[self.reach], self.judged)
        )


@dataclass(frozen=True, slots=True)
class OwnExpired(Expired):
    """Those that each member has by itself, and shows to the others."""

    kind: ClassVar[str] = "own-expired"


@dataclass(frozen=True, slots=True)
class NotRenewed(Expired):
    """Those that all members share; another member has a newer one."""

    kind: ClassVar[str] = "not-renewed"


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
    """They begin later; the telling one last of all.

    Attributes:
        by_file_times: the moment is only that of the newest file.
        reach: whom it keeps out.
    """

    kind: ClassVar[str] = "not-yet-valid"
    by_file_times: bool
    reach: Reach

    def words(self, _: Severity) -> Words:
        """See Problem."""
        start = moment(self.since) if self.since else "an unknown day"
        problem = f"the certificate in {listed(self.files)} is not valid before {start}"
        if not self.by_file_times:
            return Words(problem, sentences(_REACH[self.reach], self.judged))
        doubt = "File times may have been lost when the copy was made, or a clock was wrong."
        return Words(
            problem, (self.judged, doubt), "Check the clock of the node. Do not renew the certificate for this."
        )


@dataclass(frozen=True, slots=True)
class ExpiresSoon(_Dates):
    """They end within 30 days; the telling one first of all."""

    kind: ClassVar[str] = "expires-soon"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        end = moment(self.until) if self.until else "an unknown day"
        return Words(
            f"the certificate in {listed(self.files)} expires on {end}",
            (self.judged, "Less than 30 days are left."),
            "Renew the certificate on all members before that day, with the product's own command.",
        )


_REACH = {
    Reach.CLUSTER: "All members use this certificate, so none can connect to another, and there is no leader.",
    Reach.MEMBERS: "The other members refuse the connections of these nodes.",
    Reach.NONE: "",
}
_Values = tuple[tuple[str, ...], datetime | None, datetime | None, datetime, Moment]  # those of _Dates
_EFFECTS = {Reach.CLUSTER: Effect.BROKEN, Reach.MEMBERS: Effect.NODE_DOWN, Reach.NONE: None}


@rule(
    "CERT003",
    "certificate outside its dates",
    Severity.HIGH,
    fault=FaultKind.CERTIFICATE,
    scope=Case,
    fires_on=(
        "certificate/expired",
        "certificate/all-expired",
        "certificate/two-of-three-expired",
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
    state directory is sound, and all nodes look alike. `cluster.crt` is the same on all members: where it has expired,
    and no member at hand has another, the whole cluster is out. A member whose own `server.crt` has expired is refused
    by the others.
    ## False alarm if
    The clock of the node or the times in the archive are wrong. A certificate that is not valid yet usually means a
    clock that was set back. Milder findings: one that expires within 30 days; one that only follows another in its
    file; and one that is not valid yet by file times alone, for files may be older than the collection.
    ## What to do
    Renew the certificates on all members, with the product's own command. Do not touch the database.
    ## References
    https://github.com/canonical/lxd/issues/16690; canonical/lxd lxd/util/http.go (CheckMutualTLS looks at both dates of
    trusted certificates); sosreport/sos sos/report/plugins; docs/reference/go-dqlite.md#tls;
    canonical/microcluster internal/rest/client/tls.go; docs/reference/collectors.md#plugins-of-sos
    """
    certificates = certificate_uses(case)
    if not certificates:
        yield NotChecked(Needs.CERTIFICATES.value, "missing-certificates")
        return
    judged_at = _judged_at(case)
    if judged_at is None:
        yield NotChecked("the evidence has no credible time", "time-unknown")
        return
    groups: dict[tuple[type[_Dates], tuple[str, ...]], list[CertificateUse]] = {}
    for use in certificates:
        if kind := _kind_of(use, judged_at, case):
            groups.setdefault((kind, _cause(use)), []).append(use)
    for (kind, (_, *where)), uses in groups.items():
        yield _finding(kind, uses, tuple(where), judged_at, case, certificates)


def _judged_at(case: Case) -> datetime | None:
    try:
        asked = None if case.as_of is None else datetime.fromtimestamp(case.as_of, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    if asked is None or case.as_of_kind is AsOf.ASKED:
        return asked
    return asked if asked >= _OLDEST else None


def _kind_of(use: CertificateUse, now: datetime, case: Case) -> type[_Dates] | None:
    """What is wrong with its dates; None where nothing is."""
    start, end = use.not_before, use.not_after
    slack = timedelta(0) if case.as_of_kind is AsOf.ASKED else _SLACK
    if end is not None and end < now:
        return Expired if use.leaf else FurtherExpired
    if start is not None and start > now + slack:
        return NotYetValid
    return ExpiresSoon if end is not None and end < now + _SOON else None


def _cause(use: CertificateUse) -> tuple[str, ...]:
    """Database, and for any but the members' own certificates, which are found together, what tells it from others."""
    own = not use.own[0].in_truststore and use.leaf
    return (use.own[0].database,) if own else (use.own[0].database, *use.key)


def _finding(
    kind: type[_Dates],
    uses: list[CertificateUse],
    where: tuple[str, ...],
    now: datetime,
    case: Case,
    certificates: list[CertificateUse],
) -> Finding:
    """Of all certificates that one cause puts out."""
    telling = max(uses, key=_begin) if kind is NotYetValid else min(uses, key=_end)
    own = [place for use in uses for place in use.own]
    files = tuple(dict.fromkeys(place.file for place in own))
    values = (files, telling.not_before, telling.not_after, now, case.moment)
    problem, severity, effect = _judged(kind, values, case, reach_of(case, uses, certificates))
    return Finding(
        problem,
        tuple(place.at for use in (telling, *(use for use in uses if use is not telling)) for place in use.places),
        severity,
        tuple(dict.fromkeys(place.node for place in own)),
        effect,
        where=where,
        database=own[0].database,
    )


def _judged(
    kind: type[_Dates], values: _Values, case: Case, reach: Reach
) -> tuple[Problem, Severity | None, Effect | None]:
    """The problem; its severity and effect, where these differ from the rule's."""
    by_files = case.as_of_kind is AsOf.FILES
    if kind is Expired:
        return _expired(values, reach), None, _EFFECTS[reach]
    if kind is FurtherExpired:
        return FurtherExpired(*values), Severity.MEDIUM, None
    if kind is ExpiresSoon:
        return ExpiresSoon(*values), Severity.LOW, None
    if by_files:
        return NotYetValid(*values, by_files, Reach.NONE), Severity.LOW, Effect.NONE
    return NotYetValid(*values, by_files, reach), None, _EFFECTS[reach]


def _expired(values: _Values, reach: Reach) -> Expired:
    """By what renews them."""
    if reach is not Reach.MEMBERS:
        return Expired(*values, reach)
    return NotRenewed(*values, reach) if SHARED in values[0] else OwnExpired(*values, reach)


def _begin(use: CertificateUse) -> datetime:
    return use.not_before or datetime.min.replace(tzinfo=UTC)


def _end(use: CertificateUse) -> datetime:
    return use.not_after or datetime.max.replace(tzinfo=UTC)
