"""Two databases that one service starts: what one of them needs, another one may forbid."""

from __future__ import annotations

from dataclasses import replace

from forensics.case.answer import Course, DatabaseAnswer, Need
from forensics.case.one_service import first_together
from forensics.election.elections import Election
from forensics.election.state import NodeState, Reason, State
from forensics.plan.steps import StepKind as Kind
from forensics.report.document import Case
from tests.fixtures import known, report


def case_of(name: str) -> Case:
    """Of a fixture."""
    return known(report(name).case)


def test_no_machine_is_safe_whose_other_database_does_harm() -> None:
    """An entry of k8sd was altered on n2; k8s-dqlite is whole on all three."""
    case = case_of("sosreport/second-database-contradicts")
    told = {(node.database, node.node): node for node in case.nodes}
    assert told["k8s-dqlite", "n2"].state is State.SAFE
    assert told["k8s-dqlite", "n2"].along == ("k8sd",)
    assert not told["k8s-dqlite", "n2"].words.startswith("safe to start")
    assert told["k8s-dqlite", "n1"].along == ()
    assert told["k8sd", "n2"].along == ()  # k8s-dqlite does no harm there


def test_who_harms_one_database_is_started_for_none() -> None:
    """n2 is left out of the only start, which is for both."""
    [start] = (step for step in case_of("sosreport/second-database-contradicts").first if step.kind is Kind.START)
    assert {name for run in start.runs for name in run.nodes} == {"n1", "n3"}


def test_nothing_starts_before_the_other_database_is_decided() -> None:
    """k8s-dqlite alone would start n1 and n3, then n2: these are both histories of k8sd."""
    kinds = [step.kind for step in case_of("sosreport/second-database-undecided").first]
    assert kinds == [Kind.SAVE, Kind.EXPORT, Kind.DECIDE, Kind.REJOIN]


def test_everything_stops_before_anything_is_copied() -> None:
    """One database is stopped on n2, the other one on every node."""
    save = case_of("sosreport/second-database-undecided").first[0]
    assert save.commands[0] == "sudo snap stop k8s"


def _answer(database: str, *elections: Election) -> DatabaseAnswer:
    return DatabaseAnswer(
        database, database, (), Course.REJOIN, None, Need.NOT_NEEDED, (), (), (), elections=elections, committed=9
    )


def _with_states(answer: DatabaseAnswer, *names: str) -> DatabaseAnswer:
    states = tuple(NodeState(answer.database, name, State.SAFE, Reason.WHOLE) for name in names)
    return replace(answer, states=states)


def test_so_many_start_first_that_each_database_has_a_leader() -> None:
    """n3 alone should be first for both, and elects nobody; with n2 it does, in both."""
    one = _with_states(_answer("k8s-dqlite", Election("n3", ("n3", "n2"), 9, ("n3", "n2"))), "n2", "n3")
    other = _with_states(_answer("k8sd", Election("n2", ("n2", "n3"), 9, ("n2", "n3"))), "n2", "n3")
    assert first_together(["n3"], ["n2"], [one, other]) == (["n3", "n2"], [])


def test_nobody_is_added_who_could_lead_without_what_is_committed() -> None:
    """n1 and n3 elect each other rightly in both; beside n2, which ends at 5, one could lose 6 to 9."""
    right = Election("n1", ("n1", "n3"), 9, ("n1", "n3"))
    wrong = Election("n2", ("n2", "n3"), 5, ("n2", "n3"))
    one = _with_states(_answer("k8s-dqlite", right, wrong), "n1", "n2", "n3")
    assert first_together(["n3"], ["n2", "n1"], [one]) == (["n3", "n1"], ["n2"])
