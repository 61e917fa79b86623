"""Where a command is typed: every line that a step gives has its nodes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby


class Place(StrEnum):
    """Where. Values are those of the document."""

    NODES = "nodes"  # on each of the nodes that are named
    EVERY_NODE = "every-node"  # on each node of the cluster
    THE_NODE = "the-node"  # on the one that a log is of, whose name it does not tell
    KEPT = "kept"  # on each whose history goes on
    GIVEN_UP = "given-up"  # on each that is to come back as a new member, once it is known which those are
    RUNNING = "running"  # on one that runs and knows a leader: of those that are named, where some are
    FOR_GONE = "for-gone"  # on one that runs, for each member that is gone for good; nowhere where none is
    UPLOAD = "upload"  # where this tool and the upload are


@dataclass(frozen=True, slots=True)
class Run:
    """Commands that are typed one after the other, in one place.

    Attributes:
        place: where.
        commands: never empty.
        nodes: by name; empty where the place tells it.
    """

    place: Place
    commands: tuple[str, ...]
    nodes: tuple[str, ...] = ()


Runs = tuple[Run, ...]


def on(nodes: Iterable[str], *commands: str, unnamed: Place = Place.EVERY_NODE) -> Runs:
    """On each of these nodes; where none is named, in the other place."""
    names = tuple(nodes)
    return _run(Place.NODES if names else unnamed, commands, names)


def running(*commands: str, nodes: Iterable[str] = ()) -> Runs:
    """On one member that runs."""
    return _run(Place.RUNNING, commands, tuple(nodes))


def for_gone(*commands: str) -> Runs:
    """On one member that runs, where another is gone for good."""
    return _run(Place.FOR_GONE, commands, ())


def with_upload(*commands: str) -> Runs:
    """On the machine of whoever reads the report."""
    return _run(Place.UPLOAD, commands, ())


def _run(place: Place, commands: Iterable[str], nodes: tuple[str, ...]) -> Runs:
    """Commands that are not known are empty, and left out."""
    known = tuple(dict.fromkeys(command for command in commands if command))
    return (Run(place, known, nodes),) if known else ()


def commands_of_runs(runs: Iterable[Run]) -> tuple[str, ...]:
    """All of them, each once."""
    return tuple(dict.fromkeys(command for run in runs for command in run.commands))


def as_one(runs: Iterable[Run]) -> Runs:
    """Runs of several steps that do the same: each command once in each place, on all the nodes that one of them had it
    for.
    """
    every = list(runs)
    everywhere = {command for run in every if run.place is Place.EVERY_NODE for command in run.commands}
    where: dict[tuple[Place, str], dict[str, None]] = {}
    for one, command in ((run, command) for run in every for command in run.commands):
        wide = one.place is Place.NODES and command in everywhere
        names = where.setdefault((Place.EVERY_NODE if wide else one.place, command), {})
        names.update({} if wide else dict.fromkeys(one.nodes))
    placed = [(place, tuple(names), command) for (place, command), names in where.items()]
    return tuple(
        Run(place, tuple(command for _, _, command in group), names)
        for (place, names), group in groupby(placed, key=lambda one: one[:2])
    )


def on_these(runs: Iterable[Run], nodes: Sequence[str]) -> Runs:
    """What these nodes run of it, those together that run the same."""
    every = list(runs)
    mine = [
        (tuple(command for run in every if not run.nodes or name in run.nodes for command in run.commands), name)
        for name in nodes
    ]
    return tuple(
        run
        for commands, group in groupby(mine, key=lambda one: one[0])
        for run in on((name for _, name in group), *commands)
    )
