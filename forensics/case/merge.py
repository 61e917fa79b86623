"""Steps of several databases and causes as one list: what several ask for is done once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence, Set
from dataclasses import replace

from forensics.case.about import faults_of_all
from forensics.case.answer import DatabaseAnswer
from forensics.case.moves import LOOK_AGAIN, save, start
from forensics.case.one_service import first_together, held_back
from forensics.case.repair_steps import returned
from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.place import Place, as_one, on_these

_PHASES = (
    StepKind.SAVE, StepKind.EXPORT, StepKind.DECIDE, StepKind.MEND, StepKind.REPAIR, StepKind.MOVE_AWAY,
    StepKind.RESTORE, StepKind.FORCE, StepKind.ASK_SUPPORT, StepKind.SPREAD, StepKind.ACCEPT_LOSS, StepKind.START,
    StepKind.RETURN, StepKind.LEAVE_BEHIND, StepKind.REJOIN, StepKind.COLLECT,
)  # fmt: skip
"""In which order steps are safe, of whichever database they are: nothing is dropped before it was copied."""


def in_phases(steps: Iterable[Step]) -> list[Step]:
    """In the order that is safe; within a phase as they come."""
    return sorted(steps, key=lambda step: _PHASES.index(step.kind) if step.kind in _PHASES else len(_PHASES))


def merged(steps: Iterable[Step], databases: Sequence[DatabaseAnswer]) -> list[Step]:
    """Each thing once, where it stands first: one copy of everything, one start for all databases of a machine. What
    was collected is looked at once all of it is there.
    """
    every = list(steps)
    anew = {name for step in every if step.kind in (StepKind.REJOIN, StepKind.RETURN) for name in step.nodes}
    out = anew | held_back(databases)
    groups: dict[Hashable, list[Step]] = {}
    for step in every:
        same = groups.pop(_what(step), []) if step.what == LOOK_AGAIN else groups.setdefault(_what(step), [])
        groups[_what(step)] = [*same, step]
    return [
        step
        for group in groups.values()
        for step in (_started(group, out, databases) if group[0].kind is StepKind.START else [_as_one(group)])
    ]


def _what(step: Step) -> Hashable:
    """Steps of which this is the same are done in one go."""
    if step.kind in (StepKind.SAVE, StepKind.START, StepKind.RETURN):
        return step.kind
    return (step.kind, *step.what) if step.what else id(step)


def _as_one(steps: Sequence[Step]) -> Step:
    """Steps that do the same."""
    one = steps[0]
    if len(steps) == 1:
        return one
    if one.kind is StepKind.SAVE:  # on every node, where one of them is for every node
        every = any(run.place is Place.EVERY_NODE for step in steps for run in step.runs)
        made = save(() if every else _names(steps), (), guests=any(step.guests for step in steps))
        return replace(made, runs=as_one(run for step in steps for run in step.runs))
    faults = faults_of_all(steps)
    if one.kind is StepKind.RETURN:
        return replace(returned(steps), faults=faults)
    runs = as_one(run for step in steps for run in step.runs)
    return replace(one, runs=runs, nodes=_names(steps), faults=faults)


def _started(steps: Sequence[Step], out: Set[str], databases: Sequence[DatabaseAnswer]) -> Iterator[Step]:
    """One start, without the nodes that come back as new members, or of which another database is not decided."""
    one = steps[0]
    names = {name for step in steps for name in (*step.nodes, *step.then)}
    if len(steps) == 1 and not out & names:
        yield one
    elif not names or names - out:
        yield _one_start(steps, out, databases)


def _one_start(steps: Sequence[Step], out: Set[str], databases: Sequence[DatabaseAnswer]) -> Step:
    """First whoever comes first for all, and as many more as every database needs for a leader."""
    named = [step for step in steps if step.nodes]
    shared = set.intersection(*(set(step.nodes) for step in named)) if named else set()
    every = _names(named)
    first = [name for name in every if name in shared] or every
    then = dict.fromkeys(name for step in named for name in (*step.nodes, *step.then) if name not in first)
    leading, following = first_together(
        [name for name in first if name not in out], [name for name in then if name not in out], databases
    )
    made = start(
        leading,
        following,
        (),
        "every other member" if out & set(every) else "every node",
        stopped=[name for name in (*every, *then) if name in out],
    )
    runs = [run for step in steps for run in step.runs]
    placed = (*on_these(runs, leading), *on_these(runs, following))
    return replace(made, runs=placed or as_one(runs), faults=faults_of_all(steps))


def _names(steps: Iterable[Step]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for step in steps for name in step.nodes))
