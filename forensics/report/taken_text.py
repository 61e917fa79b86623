"""What `verify-plan` prints, from its document."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.report.document.taken import PlanTaken, Trace

_MARKS = {
    Trace.TAKEN: "done",
    Trace.IN_PART: "in part",
    Trace.NOT_TAKEN: "NOT DONE",
    Trace.CANNOT_TELL: "cannot be told",
}
_WHOLE = {
    True: "The cluster is whole, as far as this upload shows it.",
    False: "The cluster is not whole.",
    None: "Whether the cluster is whole cannot be told: not all of it arrived.",
}


def render_taken(taken: PlanTaken) -> str:
    """Steps, what came in between, and how it is now."""
    return "\n".join(_lines(taken)) + "\n"


def _lines(taken: PlanTaken) -> Iterator[str]:
    if taken.related is False:
        yield f"{taken.report} is of another cluster, by the IDs of its nodes: nothing can be compared."
        return
    yield f"Steps of {taken.report}" if taken.steps else f"{taken.report} gave no step."
    for number, step in enumerate(taken.steps, 1):
        yield f"  {number}. {step.do}"
        yield f"     {_MARKS[step.trace]}: {step.why}"
    yield ""
    yield "Since then"
    for node in taken.between:
        yield f"  {node.now or node.node} ({node.database}): {'; '.join(node.words) or 'nothing of it is different'}"
    yield ""
    yield "Now"
    yield f"  {taken.headline}"
    yield f"  {_WHOLE[taken.whole]}"
