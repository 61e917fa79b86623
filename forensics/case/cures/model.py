"""The nouns of cures, and what several of them need."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from forensics.plan.steps import StepKind


@dataclass(frozen=True, slots=True, eq=False)
class Do:
    """One thing to do. A row of a table: it is the same as itself alone, whatever it says.

    Attributes:
        do: the sentence.
        commands: left out where a value that they name is not known of the product.
        expect, stop: as of a step.
        kind: as of a step.
        perhaps: only if what was found out before says so: the node is not sure to be affected.
    """

    do: str
    commands: tuple[str, ...] = ()
    expect: str = ""
    stop: str = ""
    kind: StepKind = StepKind.MEND
    perhaps: bool = False


class End(Enum):
    """What shows that the cause is gone."""

    START = "start"  # the service starts again
    WATCH = "watch"  # it runs: is the complaint over?
    LOOK = "look"  # what was collected is analysed


@dataclass(frozen=True, slots=True)
class Cure:
    """What removes a cause.

    Attributes:
        steps: in order.
        early: before anything is started.
        saves: files of the state directory are changed: a copy comes first.
        end: what comes behind.
    """

    steps: tuple[Do, ...]
    early: bool = True
    saves: bool = False
    end: End = End.START


JOURNAL = "sudo journalctl -u {unit} --no-pager -n 300"
LISTING = "sudo ls -la {directory}"
REMOVE_AND_JOIN = ("{remove}", "{join}")
COLLECT_ALL = Do(
    "Collect the state directories of all members, and read them together: the log alone does not tell who holds what",
    ("sudo tar -czhf $(hostname)-{database}.tar.gz --exclude='*.key' --exclude='*.sock*' {directory}",),
    "Each archive can be read back.",
    kind=StepKind.COLLECT,
)
