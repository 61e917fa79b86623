"""Members that an earlier report saw whole: nobody is asked for them twice, and what needs them is decided with both
uploads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from forensics.case.answer import Course, DatabaseAnswer, Need, SeenBefore
from forensics.election.state import State
from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.place import with_upload
from forensics.wording import listed

_NEED_EVERYBODY = frozenset({Course.RECOVER, Course.CHOOSE, Course.DEAD_END, Course.REPAIR})
"""Courses that another whole log may change: they give something up, or choose between logs."""


def with_seen(answer: DatabaseAnswer, seen: Sequence[SeenBefore]) -> DatabaseAnswer:
    """The answer that knows of these members: what they may change is not decided without them."""
    if not seen:
        return answer
    answer = replace(answer, seen=tuple(seen), lost=tuple(replace(one, certain=False) for one in answer.lost))
    if answer.course not in _NEED_EVERYBODY:
        return answer
    return replace(answer, course=Course.ASK, need=Need.CANNOT_BE_TOLD, recover_from=None, repairs=())


def looks_at_both(answer: DatabaseAnswer) -> Iterator[Step]:
    """One step where a decision needs both uploads: what arrived now does not decide, cannot be told of one of these
    members, or one was not safe to start.
    """
    unknown = answer.named(State.UNKNOWN)
    if answer.seen and (answer.course is Course.ASK or any(not one.safe or one.name in unknown for one in answer.seen)):
        names = listed(one.called for one in answer.seen)
        held = (
            "Start and force nothing"
            if answer.course is Course.ASK
            else f"Do not start {listed(one.was for one in answer.seen)}"
        )
        reports = listed(dict.fromkeys(one.report for one in answer.seen))
        yield Step(
            StepKind.COLLECT,
            f"Analyze the earlier upload together with this one: {names} arrived whole with {reports}. "
            f"{held} before that",
            with_upload("dqlite-forensics analyze EARLIER UPLOAD"),
            "One report has the nodes of both, and its first steps count.",
            "The earlier upload is not at hand any more: collect these members again.",
            what=("both-uploads",),
        )
