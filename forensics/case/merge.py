"""Steps of several databases and causes as one list: what several ask for is done once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from forensics.case.moves import save, start
from forensics.plan.steps import Step, StepKind

_PHASES = (
    StepKind.SAVE, StepKind.EXPORT, StepKind.DECIDE, StepKind.MEND, StepKind.REPAIR, StepKind.MOVE_AWAY,
    StepKind.RESTORE, StepKind.FORCE, StepKind.ASK_SUPPORT, StepKind.SPREAD, StepKind.ACCEPT_LOSS, StepKind.START,
    StepKind.LEAVE_BEHIND, StepKind.REJOIN, StepKind.COLLECT,
)  # fmt: skip
"""In which order steps are safe, of whichever database they are: nothing is dropped before it was copied."""


def in_phases(steps: Iterable[Step]) -> list[Step]:
    """In the order that is safe; within a phase as they come."""
    return sorted(steps, key=lambda step: _PHASES.index(step.kind) if step.kind in _PHASES else len(_PHASES))


def merged(steps: Iterable[Step]) -> list[Step]:
    """Each thing once, where it stands first: one copy of everything, one start for all databases of a machine."""
    every = list(steps)
    made = {
        StepKind.SAVE: _one_save([step for step in every if step.kind is StepKind.SAVE]),
        StepKind.START: _one_start(every),
    }
    kept: list[Step] = []
    for step in every:
        one = made.get(step.kind) or _joined(step, every)
        if one not in kept:
            kept.append(one)
    return kept


def _one_save(saves: Sequence[Step]) -> Step | None:
    """On the nodes of all; on every node, where one of them is for every node."""
    if len(saves) < 2:
        return saves[0] if saves else None
    names = () if any(not step.nodes for step in saves) else _names(saves)
    return save(names, _commands(saves))


def _one_start(steps: Sequence[Step]) -> Step | None:
    """First whoever comes first for all; who comes back as a new member is left out."""
    starts = [step for step in steps if step.kind is StepKind.START]
    away = {name for step in steps if step.kind is StepKind.REJOIN for name in step.nodes}
    if len(starts) < 2 and not any(away & {*step.nodes, *step.then} for step in starts):
        return starts[0] if starts else None
    named = [step for step in starts if step.nodes]
    shared = set.intersection(*(set(step.nodes) for step in named)) if named else set()
    every = _names(named)
    first = [name for name in every if not shared or name in shared]
    then = [name for step in named for name in (*step.nodes, *step.then) if name not in first]
    return start(
        [name for name in first if name not in away],
        [name for name in dict.fromkeys(then) if name not in away],
        _commands(starts),
    )


def _joined(step: Step, steps: Sequence[Step]) -> Step:
    """What several say in the same words is done in one go."""
    same = [one for one in steps if one.kind is step.kind and one.title == step.title]
    if len(same) < 2:
        return step
    return Step(step.kind, step.title, _commands(same), step.expect, step.stop, _names(same), cause=step.cause)


def _names(steps: Iterable[Step]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for step in steps for name in step.nodes))


def _commands(steps: Iterable[Step]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(command for step in steps for command in step.commands))
