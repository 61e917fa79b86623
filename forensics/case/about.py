"""Which faults the steps of a course are about: none of weight is left without a step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from forensics.case.answer import Course, DatabaseAnswer, Fault
from forensics.plan.steps import Step, StepKind

_PREPARES = frozenset({StepKind.SAVE, StepKind.WATCH})
_COMES_BACK = frozenset({StepKind.START, StepKind.RETURN, StepKind.REJOIN, StepKind.ACCEPT_LOSS})
_OF_ALL = frozenset({Course.RECOVER, Course.CHOOSE, Course.ASK, Course.DEAD_END})
"""Courses that are about the whole database, whichever nodes their steps name."""


def about(steps: Iterable[Step], answer: DatabaseAnswer, faults: Sequence[Fault]) -> list[Step]:
    """The steps with what each is about, of these faults, which the course answers."""
    return [_with(step, (one for one in faults if _is(step, answer, one))) for step in steps]


def with_taken_over(steps: Sequence[Step], faults: Iterable[Fault]) -> list[Step]:
    """The steps, of which those that bring nodes back are also about faults of these whose own steps start none of
    theirs: they come back as new members, or once another database of the machine is decided.
    """
    left = [one for one in faults if not any(one.key in step.faults and _names(step, one) for step in steps)]
    return [
        _with(step, (one for one in left if _names(step, one))) if step.kind in _COMES_BACK else step for step in steps
    ]


def _with(step: Step, faults: Iterable[Fault]) -> Step:
    return replace(step, faults=tuple(dict.fromkeys((*step.faults, *(one.key for one in faults)))))


def _is(step: Step, answer: DatabaseAnswer, fault: Fault) -> bool:
    if step.kind in _PREPARES:
        return False
    return answer.course in _OF_ALL or _names(step, fault)


def _names(step: Step, fault: Fault) -> bool:
    """It names one of the fault's nodes; or none at all, so that it is about every one."""
    return not step.nodes or not {*step.nodes, *step.then}.isdisjoint(fault.nodes)


def faults_of_all(steps: Iterable[Step]) -> tuple[str, ...]:
    """What several steps are about, that are made one."""
    return tuple(dict.fromkeys(key for step in steps for key in step.faults))


def numbers(fault: Fault, steps: Sequence[Step]) -> Iterator[int]:
    """Of the steps that are about a fault; 1 is the first."""
    return (number for number, step in enumerate(steps, 1) if fault.key in step.faults)
