"""As many steps as are read: what can be done in one go is one step, and what may wait is left out; never a start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forensics.case.about import faults_of_all
from forensics.case.moves import LOOK_AGAIN
from forensics.case.repair_steps import repairs_together
from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.place import as_one

_REPAIRS = frozenset({StepKind.REPAIR, StepKind.MOVE_AWAY})
_ENDS = frozenset({StepKind.START, StepKind.RETURN, StepKind.REJOIN, StepKind.ACCEPT_LOSS})
"""What has to be reached: what comes before them is done for their sake."""


def fitted(steps: Sequence[Step], most: int) -> list[Step]:
    """No more steps than that, unless all of them come before a start.

    Args:
        steps: in order.
        most: how many are read.
    """
    made = list(steps)
    for shorten in (_one_repair, _looks_while_copying, _looks_when_collected, _causes_as_one):
        made = shorten(made) if len(made) > most else made
    last = max((at for at, step in enumerate(made, 1) if step.kind in _ENDS), default=0)
    return made[: max(most, last)]


def _one_repair(steps: Sequence[Step]) -> list[Step]:
    """The repairs of all nodes as one, where the first of them stands."""
    every = [step for step in steps if step.kind in _REPAIRS and step.cause is None]
    if len(every) < 2:
        return list(steps)
    one = replace(repairs_together(every), faults=faults_of_all(every))
    return [one if step is every[0] else step for step in steps if step not in every[1:]]


def _looks_while_copying(steps: Sequence[Step]) -> list[Step]:
    """What the nodes share is looked for while they are stopped and copied."""
    first, look = steps[0], next((step for step in steps if step.suspects), None)
    if look is None or first.kind is not StepKind.SAVE:
        return list(steps)
    both = replace(first, runs=(*first.runs, *look.runs), suspects=True, faults=faults_of_all((first, look)))
    return [both, *(step for step in steps[1:] if step is not look)]


def _looks_when_collected(steps: Sequence[Step]) -> list[Step]:
    """What was collected is looked at once it is there: one step with the last one that collects."""
    at = next((at for at, step in enumerate(steps) if step.what == LOOK_AGAIN), 0)
    if not at or steps[at - 1].kind is not StepKind.COLLECT:
        return list(steps)
    return [*steps[: at - 1], _joined(steps[at - 1], steps[at]), *steps[at + 1 :]]


def _causes_as_one(steps: Sequence[Step]) -> list[Step]:
    """Causes that are mended one after the other."""
    made: list[Step] = []
    for step in steps:
        if made and _mends(made[-1]) and _mends(step):
            made[-1] = _joined(made[-1], step)
        else:
            made.append(step)
    return made


def _mends(step: Step) -> bool:
    return step.kind is StepKind.MEND and step.cause is not None and not step.suspects


def _joined(one: Step, other: Step) -> Step:
    """Both, one after the other."""
    return replace(
        one,
        title=f"{one.title}. {other.title}",
        runs=as_one((*one.runs, *other.runs)),
        expect=" ".join(filter(None, (one.expect, other.expect))),
        stop=" ".join(filter(None, (one.stop, other.stop))),
        nodes=tuple(dict.fromkeys((*one.nodes, *other.nodes))) if one.nodes and other.nodes else (),
        what=(*one.what, *other.what),
        faults=faults_of_all((one, other)),
    )
