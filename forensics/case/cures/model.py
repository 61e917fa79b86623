"""The nouns of cures, and what several of them need."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from forensics.plan.steps import StepKind


class Where(Enum):
    """On which nodes a thing is done."""

    NODES = "nodes"  # each that the fault is about
    FIRST = "first"  # one of these
    PERHAPS = "perhaps"  # one of these, if what was found out before says so: it is not sure to be affected
    EVERY_NODE = "every-node"  # each member
    UPLOAD = "upload"  # none: where this tool and the upload are


@dataclass(frozen=True, slots=True, eq=False)
class Do:
    """One thing to do. A row of a table: it is the same as itself alone, whatever it says.

    Attributes:
        do: the sentence.
        commands: left out where a value that they name is not known of the product.
        expect, stop: as of a step.
        kind: as of a step.
        where: the commands are typed, apart from those that ask the members.
        if_gone: typed only where a member is gone for good.
    """

    do: str
    commands: tuple[str, ...] = ()
    expect: str = ""
    stop: str = ""
    kind: StepKind = StepKind.MEND
    where: Where = Where.NODES
    if_gone: tuple[str, ...] = ()


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
        asks_members: it is done on a member that runs, and knows a leader: so nothing is started behind it.
    """

    steps: tuple[Do, ...]
    early: bool = True
    saves: bool = False
    end: End = End.START
    asks_members: bool = False


JOURNAL = "sudo journalctl -u {unit} --no-pager -n 300"
LISTING = "sudo ls -la {directory}"
AWAY = "{away}"
JOIN = ("{invite}", AWAY, "{join}")
REMOVE_AND_JOIN = ("{members}", "{remove}", *JOIN)
COLLECT_ALL = Do(
    "Collect the state directories of all members, and read them together: the log alone does not tell who holds what",
    ("sudo tar -czhf $(hostname)-{database}.tar.gz --exclude='*.key' --exclude='*.sock*' {directory}",),
    "Each archive can be read back.",
    kind=StepKind.COLLECT,
    where=Where.EVERY_NODE,
)
