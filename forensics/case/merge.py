"""Steps of several databases and causes as one list: what several ask for is done once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence, Set
from dataclasses import replace

from forensics.case.moves import LOOK_AGAIN, save, start
from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.place import Place, as_one, on_these

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
    """Each thing once, where it stands first: one copy of everything, one start for all databases of a machine. What
    was collected is looked at once all of it is there.
    """
    every = list(steps)
    anew = {name for step in every if step.kind is StepKind.REJOIN for name in step.nodes}
    groups: dict[Hashable, list[Step]] = {}
    for step in every:
        same = groups.pop(_what(step), []) if step.what == LOOK_AGAIN else groups.setdefault(_what(step), [])
        groups[_what(step)] = [*same, step]
    return [_as_one(group, anew) for group in groups.values()]


def _what(step: Step) -> Hashable:
    """Steps of which this is the same are done in one go."""
    if step.kind in (StepKind.SAVE, StepKind.START):
        return step.kind
    return (step.kind, *step.what) if step.what else id(step)


def _as_one(steps: Sequence[Step], anew: Set[str]) -> Step:
    """Steps that do the same; `anew` are the nodes that come back as new members."""
    one = steps[0]
    if one.kind is StepKind.START and (len(steps) > 1 or anew & {*one.nodes, *one.then}):
        return _one_start(steps, anew)
    if len(steps) == 1:
        return one
    if one.kind is StepKind.SAVE:  # on every node, where one of them is for every node
        every = any(run.place is Place.EVERY_NODE for step in steps for run in step.runs)
        made = save(() if every else _names(steps), ())
        return replace(made, runs=as_one(run for step in steps for run in step.runs))
    return replace(one, runs=as_one(run for step in steps for run in step.runs), nodes=_names(steps))


def _one_start(steps: Sequence[Step], anew: Set[str]) -> Step:
    """First whoever comes first for all; who comes back as a new member is left out."""
    named = [step for step in steps if step.nodes]
    shared = set.intersection(*(set(step.nodes) for step in named)) if named else set()
    every = _names(named)
    first = [name for name in every if name in shared] or every
    then = dict.fromkeys(name for step in named for name in (*step.nodes, *step.then) if name not in first)
    leading, following = ([name for name in names if name not in anew] for names in (first, then))
    made = start(
        leading,
        following,
        (),
        "every other member" if anew & set(every) else "every node",
        stopped=[name for name in every if name in anew],
    )
    runs = [run for step in steps for run in step.runs]
    placed = (*on_these(runs, leading), *on_these(runs, following))
    return replace(made, runs=placed or as_one(runs))


def _names(steps: Iterable[Step]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for step in steps for name in step.nodes))
