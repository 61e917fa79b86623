"""docs/reference/report.md#verdict: worked out by hand for each case."""

from __future__ import annotations

from typing import Any

import pytest

from forensics.case.answer import Answers, Consequence, Course, DatabaseAnswer, Fault, Need
from forensics.election.state import NodeState, Reason, State
from forensics.fault_kind import FaultKind
from forensics.report.document import Gap, GapKind, Level, Node
from forensics.report.verdict import Trouble, level_of, with_verdicts
from forensics.severity import Effect, Severity
from tests.report.documents import changed, cluster, finding, healthy, node

NODES = (node("n1", "1"), node("n2", "2"), node("n3", "3"))
STATES = tuple(NodeState("k8s-dqlite", name, State.SAFE, Reason.WHOLE) for name in ("n1", "n2", "n3"))
QUIET = Trouble((), ())


def answer(*states: NodeState, course: Course = Course.NOTHING, **changes: Any) -> DatabaseAnswer:
    """One database of three nodes, of which nothing has to be done."""
    values: dict[str, Any] = {
        "database": "k8s-dqlite",
        "name": "k8s-dqlite",
        "states": states or STATES,
        "course": course,
        "recover_from": None,
        "need": Need.NOT_NEEDED,
        "safe": ("n1", "n2", "n3"),
        "lost": (),
        "absent": (),
    }
    return DatabaseAnswer(**(values | changes))


def fault(*consequences: Consequence, severity: Severity = Severity.HIGH, **changes: Any) -> Fault:
    """One on n1."""
    values: dict[str, Any] = {
        "kind": FaultKind.LOG_DAMAGED,
        "database": "k8s-dqlite",
        "nodes": ("n1",),
        "everywhere": False,
        "consequences": consequences or (Consequence.HYGIENE,),
        "severity": severity,
        "findings": (),
    }
    return Fault(**(values | changes))


def level(decided: DatabaseAnswer, trouble: Trouble = QUIET, *, incomplete: bool = False) -> Level:
    return level_of(decided, trouble, incomplete=incomplete)


def test_nothing_found_on_full_evidence_is_healthy() -> None:
    assert level(answer()) == "healthy"


def test_info_stays_healthy() -> None:
    assert level(answer(), Trouble([fault(severity=Severity.INFO)], ())) == "healthy"


@pytest.mark.parametrize(("decided", "incomplete"), [(answer(), True), (answer(course=Course.ASK), False)])
def test_nothing_found_where_the_evidence_does_not_decide_is_unknown(decided: DatabaseAnswer, incomplete: bool) -> None:
    assert level(decided, incomplete=incomplete) == "unknown"
    assert level(decided, Trouble([fault(severity=Severity.LOW)], ()), incomplete=incomplete) == "unknown"


def test_what_bites_later_does_so_whatever_else_arrives() -> None:
    told = Trouble([fault(severity=Severity.LOW)], [finding(severity="low", effect="attention")])
    assert level(answer(), told, incomplete=True) == "attention"


def test_anything_above_info_wants_attention() -> None:
    assert level(answer(), Trouble([fault(severity=Severity.LOW)], ())) == "attention"


@pytest.mark.parametrize("course", [Course.RECOVER, Course.CHOOSE, Course.DEAD_END])
def test_no_way_on_without_a_decision_is_broken(course: Course) -> None:
    assert level(answer(course=course, safe=())) == "broken"


@pytest.mark.parametrize(
    ("consequence", "safe", "expected"),
    [
        (Consequence.DATA_LOST, ("n2", "n3"), "broken"),
        (Consequence.NO_MAJORITY, (), "broken"),
        (Consequence.COMMITTED_AT_RISK, (), "broken"),
        (Consequence.COMMITTED_AT_RISK, ("n2", "n3"), "degraded"),
        (Consequence.NODE_DOWN, ("n2", "n3"), "degraded"),
        (Consequence.REDUNDANCY, ("n2", "n3"), "degraded"),
        (Consequence.HYGIENE, ("n2", "n3"), "attention"),
    ],
)
def test_a_fault_says_what_it_comes_to(consequence: Consequence, safe: tuple[str, ...], expected: str) -> None:
    assert level(answer(course=Course.REJOIN, safe=safe), Trouble([fault(consequence)], ())) == expected


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (State.REFUSES, Reason.DQLITE_REFUSES),
        (State.LOSES, Reason.ELECTED_WITHOUT),
        (State.SPLITS, Reason.BOOTSTRAPS),
    ],
)
def test_a_node_that_cannot_start_as_it_lies_degrades(state: State, reason: Reason) -> None:
    states = (NodeState("k8s-dqlite", "n1", state, reason), *STATES[1:])
    assert level(answer(*states, course=Course.REJOIN)) == "degraded"


@pytest.mark.parametrize(
    ("down", "voters", "expected"),
    [
        (["n1"], 3, "degraded"),  # two of three are a majority
        (["n1", "n2"], 3, "broken"),  # one of three is not
        (["n1", "n2"], 5, "degraded"),  # three of five are
        (["n1"], 1, "broken"),
        (["n1"], 2, "broken"),  # of two, both are needed
        (["n3"], 2, "degraded"),  # a stand-by costs no majority
    ],
)
def test_nodes_that_are_down_break_it_where_they_cost_the_majority(down: list[str], voters: int, expected: str) -> None:
    """Dqlite may start there: rules also know of what keeps a node from taking part, as an expired certificate."""
    found = [finding(effect=Effect.NODE_DOWN, nodes=[name]) for name in down]
    told = Trouble([fault(Consequence.NODE_DOWN, nodes=tuple(down))], found)
    decided = answer(voters=voters, votes=frozenset(("n1", "n2", "n3")[:voters]))
    assert level_of(decided, told, incomplete=False) == expected


@pytest.mark.parametrize(("down", "expected"), [(["n1"], "degraded"), (["n1", "n2", "n3"], "broken")])
def test_where_nothing_tells_of_other_members_those_at_hand_count(down: list[str], expected: str) -> None:
    found = [finding(effect=Effect.NODE_DOWN, nodes=down)]
    told = Trouble([fault(Consequence.NODE_DOWN, nodes=tuple(down))], found)
    assert level_of(answer(course=Course.ASK), told, incomplete=True) == expected


def judged(*faults: Fault, nodes: tuple[Node, ...] = NODES, missing: tuple[Gap, ...] = ()) -> tuple[Level, list[Level]]:
    """The level of a case of two databases, and of each."""
    clusters = (cluster(*nodes), cluster(*nodes, database="k8sd"))
    document = changed(healthy(), clusters=clusters, findings=(), missing=missing, incomplete=bool(missing))
    made = with_verdicts(document, Answers((answer(), answer(database="k8sd", name="k8sd")), faults))
    return made.verdict.level, [one.verdict.level for one in made.clusters]


def test_the_case_is_as_bad_as_its_worst_database() -> None:
    assert judged(fault(Consequence.NO_MAJORITY, database="k8sd")) == ("broken", ["healthy", "broken"])


def test_what_is_of_no_one_database_counts_for_the_case() -> None:
    assert judged(fault(Consequence.REDUNDANCY, database=None)) == ("degraded", ["healthy", "healthy"])


def test_another_databases_gap_does_not_cloud_this_one() -> None:
    absent = Gap(kind=GapKind.ABSENT, database="k8sd", subject="voter 10.0.0.3:9000", detail="no evidence")
    assert judged(missing=(absent,)) == ("unknown", ["healthy", "unknown"])


def test_no_state_at_all_is_unknown() -> None:
    document = changed(healthy(), clusters=(), findings=())
    assert with_verdicts(document, Answers((), ())).verdict.level == "unknown"
    low = fault(severity=Severity.LOW, database=None)
    assert with_verdicts(document, Answers((), (low,))).verdict.level == "unknown"


@pytest.mark.parametrize("nodes", [("n1",), ()])
def test_a_fault_of_no_named_database_is_the_only_database_s(nodes: tuple[str, ...]) -> None:
    """A log says that a segment is damaged, and does not say whose: nothing else can be meant."""
    broken = fault(Consequence.NODE_DOWN, database=None, nodes=nodes)
    document = with_verdicts(changed(healthy(), clusters=(cluster(nodes=NODES),)), Answers((answer(),), (broken,)))
    (only,) = document.clusters
    assert (only.verdict.level, "nothing wrong" in only.verdict.summary) == (Level.DEGRADED, False)


def test_a_fault_of_no_named_database_on_a_machine_with_two_leaves_no_clean_bill() -> None:
    broken = fault(Consequence.NODE_DOWN, database=None)
    two = (cluster(nodes=NODES), cluster(nodes=NODES, database="k8sd"))
    answers = (answer(), answer(database="k8sd", name="k8sd"))
    document = with_verdicts(changed(healthy(), clusters=two), Answers(answers, (broken,)))
    for one in document.clusters:
        assert "nothing wrong was found in its files" in one.verdict.summary
