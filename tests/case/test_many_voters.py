"""More voters than elections are searched for: nothing is called safe, and the first steps still help."""

from __future__ import annotations

from forensics import pipeline
from forensics.case.answer import Course, DatabaseAnswer
from forensics.case.steps import course_steps
from forensics.election.state import Reason, State
from forensics.facts.cluster.cluster import Case
from forensics.limits import VOTERS_SEARCHED_MAX
from forensics.plan.steps import StepKind
from tests.made_clusters import CHANGE, COMMAND, clusters_of, command, configuration, directory

WHO = tuple((number << 32, f"10.0.0.{number}:9001") for number in range(101, 110))
ALL = len(WHO) + 40
"""The log: nine configurations, and forty commands of term 1."""


def decided(*ends: int, damaged: int = 0) -> DatabaseAnswer:
    """Nine voters, whose logs end there; of the first ones a bit of the first configuration flips."""
    entries = [(1, CHANGE, configuration(*((*who, 1) for who in WHO[:count]))) for count in range(1, len(WHO) + 1)]
    entries += [(1, COMMAND, command(f"insert {number}")) for number in range(40)]
    files: dict[str, bytes] = {}
    for number, (who, end) in enumerate(zip(WHO, ends, strict=True), 1):
        files |= directory(f"n{number}", who, entries[:end], 1)
    for name in [name for name in files if name.endswith(f"-{ALL:016d}")][:damaged]:
        data = bytearray(files[name])
        data[60] ^= 1
        files[name] = bytes(data)
    (answer,) = pipeline.decided(Case(tuple(clusters_of(files))))
    return answer


def restored(*, behind: int, to: int) -> DatabaseAnswer:
    """Nine voters, the first ones put back to an older state; two stand-bys joined at the end, after forty commands.

    A leader adds the second one only once the first is committed, so that all up to the first is.
    """
    voters = [(*who, 1) for who in WHO]
    entries = [(1, CHANGE, configuration(*voters[:count])) for count in range(1, len(WHO) + 1)]
    entries += [(1, COMMAND, command(f"insert {number}")) for number in range(40)]
    spares = [(number << 32, f"10.0.0.{number}:9001", 0) for number in (110, 111)]
    entries += [(1, CHANGE, configuration(*voters, *spares[:count])) for count in (1, 2)]
    files: dict[str, bytes] = {}
    for number, who in enumerate(WHO, 1):
        files |= directory(f"n{number}", who, entries[: to if number <= behind else len(entries)], 1)
    (answer,) = pipeline.decided(Case(tuple(clusters_of(files))))
    return answer


def names(*numbers: int) -> tuple[str, ...]:
    return tuple(f"n{number}" for number in numbers)


def test_nine_are_more_than_are_searched() -> None:
    assert len(WHO) > VOTERS_SEARCHED_MAX


def test_nothing_is_done_where_all_hold_the_same() -> None:
    answer = decided(*[ALL] * 9)
    assert {one.state for one in answer.states} == {State.UNKNOWN}
    assert {one.reason for one in answer.states} == {Reason.TOO_MANY_VOTERS}
    assert (answer.course, answer.start) == (Course.NOTHING, names(*range(1, 10)))
    assert course_steps(answer, [], []) == []


def test_a_majority_that_holds_everything_goes_first_and_alone() -> None:
    """Six of nine; the three others could be elected without entry 30 on for all that was looked at."""
    answer = decided(29, 29, 29, *[ALL] * 6)
    assert (answer.course, answer.start, answer.follow) == (Course.REJOIN, names(*range(4, 10)), ())
    steps = course_steps(answer, [], [])
    assert [step.kind for step in steps] == [StepKind.SAVE, StepKind.START, StepKind.REJOIN]
    assert steps[1].nodes == names(*range(4, 10))
    assert steps[2].nodes == names(1, 2, 3)


def test_where_nobody_can_be_elected_that_is_certain() -> None:
    """The start of five of nine drops their whole log: four are no majority, so one flipped bit is set back first."""
    answer = decided(*[ALL] * 9, damaged=5)
    assert answer.elections == ()
    assert answer.course is Course.REPAIR
    assert answer.start == names(1, 6, 7, 8, 9)
    assert [step.kind for step in course_steps(answer, [], [])][-2:] == [StepKind.REPAIR, StepKind.START]


def test_as_few_as_a_majority_needs_go_along() -> None:
    """Four of nine hold everything: with one of the others they are a majority, and only they are voted for."""
    answer = restored(behind=5, to=29)
    assert answer.committed == ALL + 1
    assert (answer.course, answer.start) == (Course.REJOIN, names(1, 6, 7, 8, 9))


def test_who_could_be_elected_by_older_voters_does_not_go_along() -> None:
    """Five of nine end with the configuration of five: what a leader of the nine sends them makes six, and so on.

    All that there is arrived: to collect it again would tell nothing more. They get all entries first.
    """
    answer = restored(behind=5, to=5)
    assert answer.course is Course.REPAIR
    assert {*answer.rebuilt} >= {*names(1, 2, 3, 4, 5)}
    assert {*answer.start} - {*answer.rebuilt} <= {*names(6, 7, 8, 9)}
