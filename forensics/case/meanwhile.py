"""What may run while the first steps are carried out, and what stays stopped until which of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

from forensics.case.answer import DatabaseAnswer
from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.place import Place
from forensics.wording import listed

_STARTS = frozenset({StepKind.START, StepKind.RETURN, StepKind.REJOIN, StepKind.ACCEPT_LOSS})
_NEVER = sys.maxsize  # behind every step

_SHARED = "several nodes have the same damage, so look for what they share (a full disk, one storage, one copy)"


def with_meanwhile(steps: Sequence[Step], databases: Sequence[DatabaseAnswer]) -> list[Step]:
    """The same steps; the one that stops nodes tells until when, and who need not be stopped."""
    return [_told(step, steps, databases) if step.kind is StepKind.SAVE else step for step in steps]


def _told(step: Step, steps: Sequence[Step], databases: Sequence[DatabaseAnswer]) -> Step:
    one = len(step.nodes) == 1
    safe = listed(_safe_beside(step, databases), None)
    told = [
        *_until(step, steps),
        f"{safe} may run meanwhile" if safe else "",
        _SHARED if step.suspects else "",
        f"the instances on {'that machine' if one else 'these machines'} stop, too" if step.guests else "",
    ]
    return replace(step, title="; ".join((step.title, *filter(None, told))))


def _until(step: Step, steps: Sequence[Step]) -> list[str]:
    """Before which step none of these nodes is started; several answers where some stay stopped longer than others."""
    starts = {number: {*later.nodes, *later.then} for number, later in enumerate(steps, 1) if later.kind in _STARTS}
    if not step.nodes:
        return [_of_unnamed(step, min(starts))] if starts else []
    groups: dict[int, list[str]] = {}
    for name in step.nodes:
        number = next((number for number, started in starts.items() if not started or name in started), _NEVER)
        groups.setdefault(number, []).append(name)
    if len(groups) > 1:
        return [_not_before(listed(names, None), number) for number, names in sorted(groups.items())]
    [number] = groups
    if number == _NEVER:
        return []
    return [_not_before("it", number) if len(step.nodes) == 1 else _none_before(number)]


def _of_unnamed(step: Step, number: int) -> str:
    """Of the node that a log is of, or of all of them."""
    alone = any(run.place is Place.THE_NODE for run in step.runs)
    return _not_before("it", number) if alone else _none_before(number)


def _none_before(number: int) -> str:
    return f"start none of them before step {number}"


def _not_before(who: str, number: int) -> str:
    return f"leave {who} stopped" if number == _NEVER else f"do not start {who} before step {number}"


def _safe_beside(step: Step, databases: Sequence[DatabaseAnswer]) -> list[str]:
    """Nodes that are not stopped, and all of whose databases can be started."""
    states = [one for answer in databases for one in answer.states]
    unsafe = {one.node for one in states if not one.may_run}
    names = dict.fromkeys(one.node for one in states if step.nodes)
    return [name for name in names if name not in unsafe and name not in step.nodes]
