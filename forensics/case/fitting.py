"""As many steps as are read: what can be done in one go is one step, and what may wait is left out; never a start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forensics.case.repair_steps import repairs_together
from forensics.plan.steps import Step, StepKind

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
    for shorten in (_one_repair, _looks_while_copying):
        made = shorten(made) if len(made) > most else made
    last = max((at for at, step in enumerate(made, 1) if step.kind in _ENDS), default=0)
    return made[: max(most, last)]


def _one_repair(steps: Sequence[Step]) -> list[Step]:
    """The repairs of all nodes as one, where the first of them stands."""
    every = [step for step in steps if step.kind in _REPAIRS and step.cause is None]
    if len(every) < 2:
        return list(steps)
    return [repairs_together(every) if step is every[0] else step for step in steps if step not in every[1:]]


def _looks_while_copying(steps: Sequence[Step]) -> list[Step]:
    """What the nodes share is looked for while they are stopped and copied."""
    first, look = steps[0], next((step for step in steps if step.suspects), None)
    if look is None or first.kind is not StepKind.SAVE:
        return list(steps)
    both = replace(first, runs=(*first.runs, *look.runs), suspects=True)
    return [both, *(step for step in steps[1:] if step is not look)]
