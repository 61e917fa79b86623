"""Three logs that part from each other: no file tells which goes on, so all are written out, and somebody decides."""

from __future__ import annotations

from forensics import pipeline
from forensics.case.answer import Course, DatabaseAnswer
from forensics.case.steps import course_steps
from forensics.election.state import Reason
from forensics.facts.cluster.cluster import Case
from forensics.plan.steps import StepKind
from tests.made_clusters import CHANGE, COMMAND, clusters_of, command, configuration, directory

WHO = tuple((number << 32, f"10.0.0.{number}:9001") for number in range(101, 105))
COMMITTED = 6
"""The change at 8 was proposed once the one at 6 was committed (docs/reference/raft.md#the-commit-index)."""
LOGS = ((5, (4, 4)), (8, ()), (6, (3,)), (3, (2,)))
"""Of each node: how many entries of term 1 it shares, and the terms of its own behind them. n1, n3 and n4 part from
each other, and n1 and n4 lack the committed entry 6.
"""


def decided() -> DatabaseAnswer:
    """Four voters, all of them at hand."""
    changes = [(1, CHANGE, configuration(*((*who, 1) for who in WHO[:count]))) for count in (1, 2, 3, 4, 4, 4)]
    shared = [*changes[:4], (1, COMMAND, command("a")), changes[4], (1, COMMAND, command("b")), changes[5]]
    files: dict[str, bytes] = {}
    for number, (who, (count, terms)) in enumerate(zip(WHO, LOGS, strict=True), 1):
        own = [(term, COMMAND, command(f"{term} {at}")) for at, term in enumerate(terms, count)]
        files |= directory(f"n{number}", who, [*shared[:count], *own], 4)
    (answer,) = pipeline.decided(Case(tuple(clusters_of(files))))
    return answer


def test_every_side_is_written_out_and_somebody_decides() -> None:
    answer = decided()
    assert answer.committed == COMMITTED
    assert Reason.THREE_HISTORIES in {one.reason for one in answer.states}
    assert answer.course is Course.CHOOSE
    steps = course_steps(answer, [], [])
    assert [step.kind for step in steps] == [StepKind.SAVE, StepKind.EXPORT, StepKind.DECIDE, StepKind.REJOIN]
    assert set(steps[1].nodes) == {"n1", "n2", "n3", "n4"}
