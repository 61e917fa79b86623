"""What a step has somebody type, and where."""

from __future__ import annotations

from forensics.plan.steps.place import Place
from forensics.report.document.part import Part


class Run(Part):
    """Commands that are typed one after the other, in one place.

    Attributes:
        place: where, stable.
        nodes: the nodes that it names.
        where: in words.
        commands: to run.
    """

    place: Place
    nodes: tuple[str, ...] = ()
    where: str
    commands: tuple[str, ...]


class Value(Part):
    """A word in capitals that stands in a command.

    Attributes:
        name: the word.
        what: to put in its place.
    """

    name: str
    what: str
