"""Findings → causes: what follows from another finding is told with it, and is no cause of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from forensics.case.answer import DatabaseAnswer, Told, answer_about
from forensics.election.state import Reason, State
from forensics.fault_kind import FaultKind as Kind
from forensics.rules.engine import catalogue
from forensics.severity import Severity

STOPS_A_START = frozenset({
    Kind.LOG_DAMAGED, Kind.LOG_INCOMPLETE, Kind.LOG_INCONSISTENT, Kind.SNAPSHOT_DAMAGED, Kind.METADATA_DAMAGED,
    Kind.FILE_NAMES, Kind.IDENTITY_FILES, Kind.CONTROL_FILES, Kind.CERTIFICATE, Kind.ADDRESS, Kind.VERSION,
    Kind.DISK_FULL, Kind.DISK_ERRORS, Kind.PERMISSION, Kind.LIMITS, Kind.CRASH, Kind.DATABASE_DAMAGED, Kind.LEFTOVER,
    Kind.FORCED_CONFIGURATION, Kind.MEMBER_RECORDS,
})  # fmt: skip
"""Causes that a start that fails, or drops entries, may follow from."""

OF_HISTORIES = frozenset({
    Kind.TWO_HISTORIES, Kind.FORCED_CONFIGURATION, Kind.COMMITTED_MISSING, Kind.IDENTITY, Kind.REPLACED_ENTRIES,
    Kind.LOG_INCONSISTENT, Kind.NODE_BEHIND, Kind.METADATA_DAMAGED,
})  # fmt: skip
"""Causes that a node which loses or splits may follow from, beside those above."""

_FOLLOWS = frozenset({Kind.NODE_BEHIND, Kind.START_FAILED})
"""What is a cause of its own only where nothing else on the node explains it."""

WRONG = frozenset({Reason.CONTRADICTS, Reason.RENUMBERS})
"""Of a start that keeps entries under wrong indexes."""

_OF_CONTENT = frozenset(rule.id for rule in catalogue() if rule.topic in ("database", "kine"))
_KINDS = {rule.id: (rule.fault, rule.consequence) for rule in catalogue()} | {
    "MCL003.other-address": (Kind.ADDRESS, False),
    "MCL003.other-certificate": (Kind.CERTIFICATE, False),
    "SEG009.written-while-copied": (Kind.COPY, False),
}
"""By rule; by kind of finding where a rule finds several causes: is it a consequence?"""


@dataclass(slots=True)
class Group:
    """Findings that are one fault, while it is put together."""

    kind: Kind
    database: str | None
    findings: list[Told]

    @property
    def nodes(self) -> set[str]:
        return {name for finding in self.findings for name in finding.nodes}

    @property
    def severity(self) -> Severity:
        return min((finding.severity for finding in self.findings), key=lambda one: one.rank)


def merged(findings: Iterable[Told], databases: Sequence[DatabaseAnswer]) -> list[Group]:
    """Causes by kind and cluster; then each consequence to the cause that it follows from."""
    causes: dict[tuple[Kind, str | None], Group] = {}
    later: list[Told] = []
    wrong = _wrong_logs(databases)
    for finding in findings:
        kind, follows = kind_of(finding)
        if _follows(finding, wrong) if wrong & _placed(finding) else follows or kind in _FOLLOWS:
            later.append(finding)
        else:
            cluster = _cluster_of(finding, databases)
            causes.setdefault((kind, cluster), Group(kind, finding.database, [])).findings.append(finding)
    groups = _across_databases([part for group in causes.values() for part in _by_weight(group)])
    for finding in later:
        kind, _ = kind_of(finding)
        cause = _cause_of(kind, finding, groups) or _same_kind(kind, finding, groups)
        if cause is None:
            groups.append(Group(kind, finding.database, [finding]))
        else:
            cause.findings.append(finding)
    return groups


def _by_weight(group: Group) -> Iterator[Group]:
    """What is minor on other nodes is another fault: nobody has to mend there what is serious here."""
    serious = [finding for finding in group.findings if finding.severity.rank <= Severity.MEDIUM.rank]
    where = {name for finding in serious for name in finding.nodes}
    minor = [finding for finding in group.findings if finding not in serious and not set(finding.nodes) <= where]
    yield from (
        Group(group.kind, group.database, found)
        for found in ([one for one in group.findings if not serious or one not in minor], minor if serious else [])
        if found
    )


def _wrong_logs(databases: Iterable[DatabaseAnswer]) -> frozenset[tuple[str, str]]:
    """(database, node) of those whose start keeps entries under wrong indexes."""
    return frozenset((one.database, one.node) for answer in databases for one in answer.states if one.reason in WRONG)


def _placed(finding: Told) -> set[tuple[str, str]]:
    return {(finding.database or "", name) for name in finding.nodes}


def _follows(finding: Told, wrong: frozenset[tuple[str, str]]) -> bool:
    """Beside a log with wrong indexes, that is the cause; and what its entries make of the database follows from it."""
    kind, follows = kind_of(finding)
    if kind is Kind.LOG_INCONSISTENT:
        return False
    return follows or kind in _FOLLOWS or (finding.rule in _OF_CONTENT and _placed(finding) <= wrong)


def kind_of(finding: Told) -> tuple[Kind, bool]:
    return _KINDS.get(finding.kind) or _KINDS.get(finding.rule, (Kind.SERVICE, False))


def _cluster_of(finding: Told, databases: Sequence[DatabaseAnswer]) -> str | None:
    """Name of the cluster that a finding is about: an input may hold several of one database."""
    answer = answer_about(finding.database, finding.nodes, databases)
    return answer.name if answer else finding.database


def _across_databases(groups: list[Group]) -> list[Group]:
    """What a log or a machine tells of no one database joins the fault of that kind on the same nodes."""
    kept: list[Group] = []
    for group in sorted(groups, key=lambda one: one.database is None):
        same = [one for one in kept if one.kind is group.kind and (one.nodes & group.nodes or not group.nodes)]
        if group.database is None and len(same) == 1:
            same[0].findings += group.findings
        else:
            kept.append(group)
    return kept


def _cause_of(kind: Kind, finding: Told, groups: Iterable[Group]) -> Group | None:
    """The worst cause on the same nodes that this may follow from; of the same kind before any other."""
    near = [
        group
        for group in groups
        if (finding.database is None or group.database in (None, finding.database))
        and (not finding.nodes or group.nodes & set(finding.nodes))
        and (group.kind is kind or group.kind in STOPS_A_START or group.kind in OF_HISTORIES)
        and (group.severity.rank <= Severity.MEDIUM.rank or group.kind is kind)
    ]
    return min(near, key=lambda one: (one.kind is not kind, one.severity.rank), default=None)


def _same_kind(kind: Kind, finding: Told, groups: Iterable[Group]) -> Group | None:
    """What nothing explains is one fault on all of its nodes."""
    return next((one for one in groups if one.kind is kind and one.database == finding.database), None)


def without_findings(groups: Sequence[Group], databases: Iterable[DatabaseAnswer]) -> list[Group]:
    """Nodes that lose, split or do not start although no finding says why: the decision itself is a fault."""
    serious = [group for group in groups if group.severity is not Severity.INFO]
    ill = {name for one in serious for name in one.nodes}
    told: dict[str | None, set[str]] = defaultdict(set)
    for group in serious:
        if group.kind in STOPS_A_START | OF_HISTORIES:
            told[group.database] |= group.nodes
    decided: list[Group] = []
    for answer in databases:
        here = told[answer.database] | told[None]  # None: of no one database, or of several
        for state, kind, known in (
            (State.LOSES, Kind.COMMITTED_MISSING, here),
            (State.SPLITS, Kind.TWO_HISTORIES, here),
            (State.REFUSES, Kind.START_FAILED, ill),
        ):
            if nodes := _unexplained(answer, state, known):
                decided.append(Decided(kind, answer.database, [], frozenset(nodes)))
    return decided


def _unexplained(answer: DatabaseAnswer, state: State, told: set[str]) -> set[str]:
    """Nodes in a state of which no fault speaks: neither of them nor of those that they lose or split with."""
    return {
        one.node
        for one in answer.states
        if one.state is state and one.node not in told and not told & {one.leader, *one.others}
    }


@dataclass(slots=True)
class Decided(Group):
    """A fault of which no rule speaks."""

    at: frozenset[str] = frozenset()

    @property
    def nodes(self) -> set[str]:
        return set(self.at)

    @property
    def severity(self) -> Severity:
        return Severity.HIGH
