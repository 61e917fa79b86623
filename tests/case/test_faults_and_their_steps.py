"""Each fault of weight is one fault, and has its step; tests/case/test_every_fixture.py asks that of every fixture."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from forensics.case.causes import merged
from forensics.election.state import State
from forensics.fault_kind import FaultKind
from forensics.plan.steps import StepKind as Kind
from forensics.report.document import Case, CaseStep
from forensics.severity import Effect, Scope, Severity
from tests.fixtures import known, report


def case_of(name: str) -> Case:
    return known(report(name).case)


def steps_of(case: Case, kind: FaultKind) -> list[CaseStep]:
    [fault] = [one for one in case.faults if one.kind is kind]
    return [case.first[number - 1] for number in fault.steps]


@pytest.mark.parametrize(
    ("name", "kind", "steps"),
    [
        # mended beside another cause, where five steps were taken already
        ("member/raft-nodes-agree", FaultKind.IDENTITY, [Kind.MEND]),
        # in a copy of n2's directory: whose it is has to be found out, and then it is moved away
        ("cluster/misnamed-forked-copy", FaultKind.LOG_DAMAGED, [Kind.DECIDE, Kind.REJOIN]),
        # n2 joins anew for its data differs: its older snapshot goes with the rest
        ("snapshot/database-gone", FaultKind.SNAPSHOT_DAMAGED, [Kind.START, Kind.REJOIN]),
    ],
)
def test_its_steps(name: str, kind: FaultKind, steps: list[Kind]) -> None:
    assert [step.kind for step in steps_of(case_of(name), kind)] == steps


def test_what_waits_for_another_database() -> None:
    """n2's service carries k8sd, too, of which two histories are there: n2 is started once that is decided."""
    case = case_of("sosreport/second-database-undecided")
    [last] = steps_of(case, FaultKind.LOG_DAMAGED)
    assert last == case.first[-1]
    assert last.kind is Kind.REJOIN


def test_another_cluster_is_told_once() -> None:
    """n3 founded a cluster of its own. It holds no two histories of one."""
    case = case_of("cluster/two-bootstraps")
    assert [one.state for one in case.nodes if one.node == "n3"] == [State.SPLITS]
    assert [one.nodes for one in case.faults if one.kind is FaultKind.TWO_HISTORIES] == [("n3",)]


@dataclass(frozen=True)
class Finding:
    """As much of one as is merged."""

    nodes: tuple[str, ...]
    severity: Severity
    rule: str = "SEG001"
    kind: str = "SEG001.corrupt-batch"
    key: str | None = None
    effect: Effect | None = None
    database: str | None = "k8s-dqlite"
    scope: Scope | None = Scope.NODE


@pytest.mark.parametrize(
    ("severities", "faults"),
    [
        # n2 need not be mended for what is serious on n1 alone
        ({"n1": Severity.HIGH, "n2": Severity.LOW}, [{"n1"}, {"n2"}]),
        ({"n1": Severity.HIGH, "n2": Severity.MEDIUM}, [{"n1", "n2"}]),
        ({"n1": Severity.LOW, "n2": Severity.INFO}, [{"n1", "n2"}]),
    ],
)
def test_minor_ones_of_other_nodes_are_another_fault(severities: dict[str, Severity], faults: list[set[str]]) -> None:
    findings = [Finding((name,), severity) for name, severity in severities.items()]
    assert [group.nodes for group in merged(findings, ())] == faults


def test_minor_ones_of_the_same_node_are_the_same_fault() -> None:
    findings = [Finding(("n1",), Severity.HIGH), Finding(("n1",), Severity.LOW)]
    assert [len(group.findings) for group in merged(findings, ())] == [2]
