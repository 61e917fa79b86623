"""Where a command is typed, and what stands for what in it, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from forensics.plan.steps.place import Place, Run
from forensics.wording import listed

_WORDS = {
    Place.NODES: "on {nodes}",
    Place.EVERY_NODE: "on every node",
    Place.THE_NODE: "on the node that the log is of",
    Place.KEPT: "on each node whose history goes on",
    Place.GIVEN_UP: "on each node that is to join again",
    Place.RUNNING: "on a member that runs",
    Place.FOR_GONE: "on a member that runs, only for who is gone for good",
    Place.UPLOAD: "where you have the upload",
}
_VALUES = {
    "NAME": "the member's name, as the list of members has it",
    "TOKEN": "the token that the command before it prints",
    "ADDRESS/TOKEN": "as the command before it prints them",
    "NODE": "each of the other nodes, one after the other",
    "HEALTHY": "a member whose files are good",
    "UPLOAD": "what this report was made from",
    "EARLIER": "what the earlier report was made from",
    "ARCHIVE": "what was collected now",
    "COPY": "the other copy",
    "DIRECTORY": "the state directory",
    "DATABASE": "the name of the database",
}
_CAPITALS = re.compile(r"(?<![\w./-])(?:ADDRESS/)?[A-Z]{4,}(?![\w=])")


def place_words(run: Run) -> str:
    """Where it is typed."""
    if run.place is Place.RUNNING and run.nodes:
        return f"on one of {listed(run.nodes, None)} that runs" if len(run.nodes) > 1 else f"on {run.nodes[0]}"
    return _WORDS[run.place].format(nodes=listed(run.nodes, None))


def values_of(commands: Iterable[str]) -> dict[str, str]:
    """What to put in the place of each word in capitals."""
    found = dict.fromkeys(word for command in commands for word in _CAPITALS.findall(command))
    return {word: _VALUES[word] for word in found if word in _VALUES}
