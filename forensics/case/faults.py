"""Findings → faults: one a cause, ranked by what it comes to and not by a severity's word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from forensics.case.answer import Consequence, Course, DatabaseAnswer, Fault, Told, answer_about
from forensics.election.state import Reason, State
from forensics.fault_kind import OF_FILES
from forensics.fault_kind import FaultKind as Kind
from forensics.rules.engine import catalogue
from forensics.severity import Effect, Scope, Severity

_STOPS_A_START = frozenset({
    Kind.LOG_DAMAGED, Kind.LOG_INCOMPLETE, Kind.LOG_INCONSISTENT, Kind.SNAPSHOT_DAMAGED, Kind.METADATA_DAMAGED,
    Kind.FILE_NAMES, Kind.IDENTITY_FILES, Kind.CONTROL_FILES, Kind.CERTIFICATE, Kind.ADDRESS, Kind.VERSION,
    Kind.DISK_FULL, Kind.DISK_ERRORS, Kind.PERMISSION, Kind.LIMITS, Kind.CRASH, Kind.DATABASE_DAMAGED, Kind.LEFTOVER,
    Kind.FORCED_CONFIGURATION, Kind.MEMBER_RECORDS,
})  # fmt: skip
"""Causes that a start that fails, or drops entries, may follow from."""

_OF_HISTORIES = frozenset({
    Kind.TWO_HISTORIES, Kind.FORCED_CONFIGURATION, Kind.COMMITTED_MISSING, Kind.IDENTITY, Kind.REPLACED_ENTRIES,
    Kind.LOG_INCONSISTENT, Kind.NODE_BEHIND, Kind.METADATA_DAMAGED,
})  # fmt: skip
"""Causes that a node which loses or splits may follow from, beside those above."""

_OF_LOGS = frozenset({Kind.LOG_DAMAGED, Kind.LOG_INCOMPLETE, Kind.LOG_INCONSISTENT, Kind.SNAPSHOT_DAMAGED})
"""Causes of which the elections tell whether a majority is left, and no rule does."""

_FOLLOWS = frozenset({Kind.NODE_BEHIND, Kind.START_FAILED})
"""What is a cause of its own only where nothing else on the node explains it."""

_BY_EFFECT = {
    Effect.BROKEN: Consequence.NO_MAJORITY,
    Effect.NODE_DOWN: Consequence.NODE_DOWN,
    Effect.DEGRADED: Consequence.REDUNDANCY,
}
_WRONG = frozenset({Reason.CONTRADICTS, Reason.RENUMBERS})
_OF_CONTENT = frozenset(rule.id for rule in catalogue() if rule.topic in ("database", "kine"))
_ACROSS_CLUSTERS = frozenset(rule.id for rule in catalogue() if rule.topic == "cluster")
_KINDS = {rule.id: (rule.fault, rule.consequence) for rule in catalogue()} | {
    "MCL003.other-address": (Kind.ADDRESS, False),
    "MCL003.other-certificate": (Kind.CERTIFICATE, False),
}
"""By rule; by kind of finding where a rule finds several causes: is it a consequence?"""


@dataclass(slots=True)
class _Group:
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


def faults_of(findings: Sequence[Told], databases: Sequence[DatabaseAnswer]) -> tuple[Fault, ...]:
    """Worst consequence first.

    Args:
        findings: worst first, as the report has them.
        databases: what is decided of each.
    """
    groups = _merged(findings, databases)
    groups += _without_findings(groups, databases)
    faults = [_fault(group, answer_about(group.database, group.nodes, databases)) for group in groups]
    return tuple(sorted(faults, key=_weight))


def _weight(fault: Fault) -> tuple[bool, int, int, tuple[str, ...], str]:
    """By consequence; what costs no data and no leader, and is of low severity, behind all that is of a higher one."""
    mild = fault.worst.rank >= Consequence.REDUNDANCY.rank and fault.severity.rank > Severity.MEDIUM.rank
    return mild, fault.worst.rank, fault.severity.rank, fault.findings[:1], fault.key


def _merged(findings: Iterable[Told], databases: Sequence[DatabaseAnswer]) -> list[_Group]:
    """Causes by kind and cluster; then each consequence to the cause that it follows from."""
    causes: dict[tuple[Kind, str | None], _Group] = {}
    later: list[Told] = []
    wrong = _wrong_logs(databases)
    for finding in findings:
        kind, follows = _kind_of(finding)
        if _follows(finding, wrong) if wrong & _placed(finding) else follows or kind in _FOLLOWS:
            later.append(finding)
        else:
            cluster = _cluster_of(finding, databases)
            causes.setdefault((kind, cluster), _Group(kind, finding.database, [])).findings.append(finding)
    groups = _across_databases(list(causes.values()))
    for finding in later:
        kind, _ = _kind_of(finding)
        cause = _cause_of(kind, finding, groups) or _same_kind(kind, finding, groups)
        if cause is None:
            groups.append(_Group(kind, finding.database, [finding]))
        else:
            cause.findings.append(finding)
    return groups


def _wrong_logs(databases: Iterable[DatabaseAnswer]) -> frozenset[tuple[str, str]]:
    """(database, node) of those whose start keeps entries under wrong indexes."""
    return frozenset((one.database, one.node) for answer in databases for one in answer.states if one.reason in _WRONG)


def _placed(finding: Told) -> set[tuple[str, str]]:
    return {(finding.database or "", name) for name in finding.nodes}


def _follows(finding: Told, wrong: frozenset[tuple[str, str]]) -> bool:
    """Beside a log with wrong indexes, that is the cause; and what its entries make of the database follows from it."""
    kind, follows = _kind_of(finding)
    if kind is Kind.LOG_INCONSISTENT:
        return False
    return follows or kind in _FOLLOWS or (finding.rule in _OF_CONTENT and _placed(finding) <= wrong)


def _kind_of(finding: Told) -> tuple[Kind, bool]:
    return _KINDS.get(finding.kind) or _KINDS.get(finding.rule, (Kind.SERVICE, False))


def _cluster_of(finding: Told, databases: Sequence[DatabaseAnswer]) -> str | None:
    """Name of the cluster that a finding is about: an input may hold several of one database."""
    answer = answer_about(finding.database, finding.nodes, databases)
    return answer.name if answer else finding.database


def _across_databases(groups: list[_Group]) -> list[_Group]:
    """What a log or a machine tells of no one database joins the fault of that kind on the same nodes."""
    kept: list[_Group] = []
    for group in sorted(groups, key=lambda one: one.database is None):
        same = [one for one in kept if one.kind is group.kind and (one.nodes & group.nodes or not group.nodes)]
        if group.database is None and len(same) == 1:
            same[0].findings += group.findings
        else:
            kept.append(group)
    return kept


def _cause_of(kind: Kind, finding: Told, groups: Iterable[_Group]) -> _Group | None:
    """The worst cause on the same nodes that this may follow from; of the same kind before any other."""
    near = [
        group
        for group in groups
        if (finding.database is None or group.database in (None, finding.database))
        and (not finding.nodes or group.nodes & set(finding.nodes))
        and (group.kind is kind or group.kind in _STOPS_A_START or group.kind in _OF_HISTORIES)
        and (group.severity.rank <= Severity.MEDIUM.rank or group.kind is kind)
    ]
    return min(near, key=lambda one: (one.kind is not kind, one.severity.rank), default=None)


def _same_kind(kind: Kind, finding: Told, groups: Iterable[_Group]) -> _Group | None:
    """What nothing explains is one fault on all of its nodes."""
    return next((one for one in groups if one.kind is kind and one.database == finding.database), None)


def _without_findings(groups: Sequence[_Group], databases: Iterable[DatabaseAnswer]) -> list[_Group]:
    """Nodes that lose, split or do not start although no finding says why: the decision itself is a fault."""
    serious = [group for group in groups if group.severity is not Severity.INFO]
    ill = {name for one in serious for name in one.nodes}
    told: dict[str | None, set[str]] = defaultdict(set)
    for group in serious:
        if group.kind in _STOPS_A_START | _OF_HISTORIES:
            told[group.database] |= group.nodes
    decided: list[_Group] = []
    for answer in databases:
        for state, kind, known in (
            (State.LOSES, Kind.COMMITTED_MISSING, told[answer.database]),
            (State.SPLITS, Kind.TWO_HISTORIES, told[answer.database]),
            (State.REFUSES, Kind.START_FAILED, ill),
        ):
            if nodes := _unexplained(answer, state, known):
                decided.append(_Decided(kind, answer.database, [], frozenset(nodes)))
    return decided


def _unexplained(answer: DatabaseAnswer, state: State, told: set[str]) -> set[str]:
    """Nodes in a state of which no fault speaks: neither of them nor of those that they lose or split with."""
    return {
        one.node
        for one in answer.states
        if one.state is state and one.node not in told and not told & {one.leader, *one.others}
    }


@dataclass(slots=True)
class _Decided(_Group):
    """A fault of which no rule speaks."""

    at: frozenset[str] = frozenset()

    @property
    def nodes(self) -> set[str]:
        return set(self.at)

    @property
    def severity(self) -> Severity:
        return Severity.HIGH


def _fault(group: _Group, answer: DatabaseAnswer | None) -> Fault:
    nodes = _nodes(group, answer)
    consequences = _consequences(group, answer)
    known = {state.node for state in answer.states} | {one.name for one in answer.seen} if answer else set()
    return Fault(
        group.kind,
        group.database,
        nodes,
        len(known) > 1 and known <= set(nodes),
        consequences,
        group.severity,
        tuple(finding.key for finding in group.findings if finding.key),
        bool(group.findings) and _names_no_node(group.findings[0]),
        answer is not None and group.kind in OF_FILES and _is_repaired(nodes, answer),
        _suspects(group, answer),
    )


def _nodes(group: _Group, answer: DatabaseAnswer | None) -> tuple[str, ...]:
    """Of logs that contradict each other those that are known to be wrong, where some are."""
    wrong = {one.node for one in answer.states if one.reason in _WRONG} if answer is not None else set()
    own = group.nodes & wrong if group.kind is Kind.LOG_INCONSISTENT else set()
    return tuple(sorted(own or group.nodes))


def _suspects(group: _Group, answer: DatabaseAnswer | None) -> tuple[Kind, ...]:
    """A full disk, where a node of the fault is behind, and its open segments point to one; or snapshots are empty."""
    behind = {name for one in group.findings if _is_behind(one) for name in one.nodes}
    points = answer is not None and bool(behind & answer.full_disks)
    if answer is not None and group.kind is Kind.SNAPSHOT_DAMAGED:
        points |= len(group.nodes & answer.emptied) > 1
    return (Kind.DISK_FULL,) if points and group.kind is not Kind.DISK_FULL else ()


def _is_behind(finding: Told) -> bool:
    return _kind_of(finding)[0] is Kind.NODE_BEHIND


def _is_repaired(nodes: Collection[str], answer: DatabaseAnswer) -> bool:
    """After the repairs that are proposed, everybody of these starts, and keeps or gets all that was committed."""
    repaired = {repair.node for repair in (*answer.repairs, *answer.later)}
    return bool(repaired & set(nodes)) and set(nodes) <= {*repaired, *answer.start, *answer.follow}


def _names_no_node(finding: Told) -> bool:
    """Rules about one node, a machine or its logs say what is wrong, and leave to the report where."""
    if finding.scope is Scope.CASE:
        return finding.rule not in _ACROSS_CLUSTERS
    return finding.scope is Scope.NODE


def _consequences(group: _Group, answer: DatabaseAnswer | None) -> tuple[Consequence, ...]:
    """From the nodes' states where raft decides, else from what the findings say of themselves."""
    found = {Consequence.HYGIENE}
    for finding in group.findings:
        if finding.severity is not Severity.INFO and finding.effect in _BY_EFFECT:
            found.add(_BY_EFFECT[finding.effect])
    if answer is not None and answer.start and group.kind in _OF_LOGS:
        found.discard(Consequence.NO_MAJORITY)
    by_raft = group.kind in _STOPS_A_START or group.kind in _OF_HISTORIES or isinstance(group, _Decided)
    if answer is not None and by_raft:
        found |= _of_states(group, answer)
    if answer is not None and answer.needs(_down(group.findings)):
        found.add(Consequence.NO_MAJORITY)
    ranked = sorted(found, key=lambda one: one.rank)
    return tuple(one for one in ranked if one is not Consequence.HYGIENE or len(ranked) == 1)


def _down(findings: Iterable[Told]) -> set[str]:
    """Nodes that cannot take part, as the findings say of themselves."""
    serious = (one for one in findings if one.severity is not Severity.INFO)
    return {name for one in serious if one.effect is Effect.NODE_DOWN for name in one.nodes}


def _is_stuck(answer: DatabaseAnswer) -> bool:
    """Nobody can be elected before something is changed."""
    stuck = (Course.REPAIR, Course.RECOVER, Course.DEAD_END)
    return answer.course in stuck or (answer.course is Course.MEND and not (answer.safe or answer.absent))


def _of_states(group: _Group, answer: DatabaseAnswer) -> set[Consequence]:
    """What the states of the fault's nodes come to."""
    if group.severity is Severity.INFO and not isinstance(group, _Decided):
        return set()
    # a node of another cluster takes clients from this one, and none of its entries
    states: Mapping[str, State] = {
        one.node: one.state for one in answer.states if one.reason is not Reason.OTHER_CLUSTER
    }
    mine = {states[name] for name in group.nodes if name in states}
    found = set()
    if mine & {State.LOSES, State.SPLITS}:
        found.add(Consequence.COMMITTED_AT_RISK)
    if State.REFUSES in mine:
        found.add(Consequence.NODE_DOWN)
    if (State.REFUSES in mine or group.kind in OF_FILES) and _is_stuck(answer):
        found.add(Consequence.NO_MAJORITY)
    if any(lost.certain and group.nodes & set(lost.nodes) for lost in answer.lost):
        found.add(Consequence.DATA_LOST)
    return found
