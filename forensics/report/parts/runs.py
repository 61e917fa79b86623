"""What a step has somebody type, in the document."""

from __future__ import annotations

from forensics.plan.steps import Step
from forensics.plan.words import place_words, values_of
from forensics.report import document as doc


def encode_runs(step: Step) -> tuple[doc.Run, ...]:
    """Its commands, place by place."""
    return tuple(
        doc.Run(place=run.place, nodes=run.nodes, where=place_words(run), commands=run.commands) for run in step.runs
    )


def encode_values(step: Step) -> tuple[doc.Value, ...]:
    """What stands for what in them."""
    return tuple(doc.Value(name=name, what=what) for name, what in values_of(step.commands).items())
