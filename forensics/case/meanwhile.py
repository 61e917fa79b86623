"""What may run while the first steps are carried out, and what stays stopped until which of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forensics.case.answer import DatabaseAnswer
from forensics.plan.steps import Step, StepKind
from forensics.wording import listed

_STARTS = frozenset({StepKind.START, StepKind.RETURN, StepKind.REJOIN, StepKind.ACCEPT_LOSS})


_SHARED = "several nodes have the same damage, so look for what they share (a full disk, one storage, one copy)"


def with_meanwhile(steps: Sequence[Step], databases: Sequence[DatabaseAnswer]) -> list[Step]:
    """The same steps; the one that stops nodes tells until when, and who need not be stopped."""
    return [_told(step, steps, databases) if step.kind is StepKind.SAVE else step for step in steps]


def _told(step: Step, steps: Sequence[Step], databases: Sequence[DatabaseAnswer]) -> Step:
    one = len(step.nodes) == 1
    until = _until(step, steps)
    safe = listed(_safe_beside(step, databases), None)
    told = [
        f"{'do not start it' if one else 'start none of them'} before step {until}" if until else "",
        f"{safe} may run meanwhile" if safe else "",
        _SHARED if step.suspects else "",
        f"the instances on {'that machine' if one else 'these machines'} stop, too" if step.guests else "",
    ]
    return replace(step, title="; ".join((step.title, *filter(None, told))))


def _until(step: Step, steps: Sequence[Step]) -> int | None:
    """The number of the first step that starts one of these nodes."""
    stopped = set(step.nodes)
    for number, later in enumerate(steps, 1):
        started = {*later.nodes, *later.then}
        if later.kind in _STARTS and (not stopped or not started or stopped & started):
            return number
    return None


def _safe_beside(step: Step, databases: Sequence[DatabaseAnswer]) -> list[str]:
    """Nodes that are not stopped, and all of whose databases can be started."""
    states = [one for answer in databases for one in answer.states]
    unsafe = {one.node for one in states if not one.may_run}
    names = dict.fromkeys(one.node for one in states if step.nodes)
    return [name for name in names if name not in unsafe and name not in step.nodes]
