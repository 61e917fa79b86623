"""Findings → faults: one a cause, ranked by what it comes to and not by a severity's word."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from forensics.case.answer import Consequence, Course, DatabaseAnswer, Fault, Told, answer_about
from forensics.case.causes import OF_HISTORIES, STOPS_A_START, WRONG, Decided, Group, kind_of, merged, without_findings
from forensics.election.state import Reason, State
from forensics.fault_kind import OF_FILES
from forensics.fault_kind import FaultKind as Kind
from forensics.rules.engine import catalogue
from forensics.severity import Effect, Scope, Severity

_OF_LOGS = frozenset({Kind.LOG_DAMAGED, Kind.LOG_INCOMPLETE, Kind.LOG_INCONSISTENT, Kind.SNAPSHOT_DAMAGED})
"""Causes of which the elections tell whether a majority is left, and no rule does."""

_BY_EFFECT = {
    Effect.BROKEN: Consequence.NO_MAJORITY,
    Effect.NODE_DOWN: Consequence.NODE_DOWN,
    Effect.DEGRADED: Consequence.REDUNDANCY,
}
_ACROSS_CLUSTERS = frozenset(rule.id for rule in catalogue() if rule.topic == "cluster")


def faults_of(findings: Sequence[Told], databases: Sequence[DatabaseAnswer]) -> tuple[Fault, ...]:
    """Worst consequence first.

    Args:
        findings: worst first, as the report has them.
        databases: what is decided of each.
    """
    groups = merged(findings, databases)
    groups += without_findings(groups, databases)
    faults = [_fault(group, answer_about(group.database, group.nodes, databases)) for group in groups]
    return tuple(sorted(faults, key=_weight))


def _weight(fault: Fault) -> tuple[bool, int, int, tuple[str, ...], str]:
    """By consequence; what costs no data and no leader, and is of low severity, behind all that is of a higher one."""
    mild = fault.worst.rank >= Consequence.REDUNDANCY.rank and fault.severity.rank > Severity.MEDIUM.rank
    return mild, fault.worst.rank, fault.severity.rank, fault.findings[:1], fault.key


def _fault(group: Group, answer: DatabaseAnswer | None) -> Fault:
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


def _nodes(group: Group, answer: DatabaseAnswer | None) -> tuple[str, ...]:
    """Of logs that contradict each other those that are known to be wrong, where some are."""
    wrong = {one.node for one in answer.states if one.reason in WRONG} if answer is not None else set()
    own = group.nodes & wrong if group.kind is Kind.LOG_INCONSISTENT else set()
    return tuple(sorted(own or group.nodes))


def _suspects(group: Group, answer: DatabaseAnswer | None) -> tuple[Kind, ...]:
    """A full disk, where a node of the fault is behind, and its open segments point to one; or snapshots are empty."""
    behind = {name for one in group.findings if _is_behind(one) for name in one.nodes}
    points = answer is not None and bool(behind & answer.full_disks)
    if answer is not None and group.kind is Kind.SNAPSHOT_DAMAGED:
        points |= len(group.nodes & answer.emptied) > 1
    return (Kind.DISK_FULL,) if points and group.kind is not Kind.DISK_FULL else ()


def _is_behind(finding: Told) -> bool:
    return kind_of(finding)[0] is Kind.NODE_BEHIND


def _is_repaired(nodes: Collection[str], answer: DatabaseAnswer) -> bool:
    """After the repairs that are proposed, everybody of these starts, and keeps or gets all that was committed."""
    repaired = {repair.node for repair in (*answer.repairs, *answer.later)}
    return bool(repaired & set(nodes)) and set(nodes) <= {*repaired, *answer.start, *answer.follow}


def _names_no_node(finding: Told) -> bool:
    """Rules about one node, a machine or its logs say what is wrong, and leave to the report where."""
    if finding.scope is Scope.CASE:
        return finding.rule not in _ACROSS_CLUSTERS
    return finding.scope is Scope.NODE


def _consequences(group: Group, answer: DatabaseAnswer | None) -> tuple[Consequence, ...]:
    """From the nodes' states where raft decides, else from what the findings say of themselves."""
    found = {Consequence.HYGIENE}
    for finding in group.findings:
        if finding.severity is not Severity.INFO and finding.effect in _BY_EFFECT:
            found.add(_BY_EFFECT[finding.effect])
    if answer is not None and answer.start and group.kind in _OF_LOGS:
        found.discard(Consequence.NO_MAJORITY)
    by_raft = group.kind in STOPS_A_START or group.kind in OF_HISTORIES or isinstance(group, Decided)
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


def _of_states(group: Group, answer: DatabaseAnswer) -> set[Consequence]:
    """What the states of the fault's nodes come to."""
    if group.severity is Severity.INFO and not isinstance(group, Decided):
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
