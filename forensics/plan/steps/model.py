"""The nouns of a recovery's steps."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import StrEnum

from forensics.fault_kind import FaultKind
from forensics.forecast.proposals import Proposal
from forensics.parsers.roles import Role
from forensics.plan.steps.place import Runs, commands_of_runs


class StepKind(StrEnum):
    """What a step does, whatever the product calls it. Values are those of the document."""

    COLLECT = "collect"  # what did not arrive
    STOP = "stop"
    COPY = "copy"
    SAVE = "stop-and-copy"
    MEND = "mend"  # remove a cause that is not raft's
    REPAIR = "repair"  # give a damaged file its content back
    MOVE_AWAY = "move-away"
    EXPORT = "export"  # what is given up afterwards
    DECIDE = "decide"
    RESTORE = "restore"  # from another copy
    FORCE = "force"  # a new configuration
    SPREAD = "spread"  # the recovered state to the other nodes
    START = "start"
    WATCH = "watch"
    RETURN = "return"  # repaired, to the others, who have a leader by then
    REJOIN = "rejoin"  # as a new member
    LEAVE_BEHIND = "leave-behind"  # never start with the old data again
    ACCEPT_LOSS = "accept-loss"
    ASK_SUPPORT = "ask-support"
    DEAD_END = "dead-end"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the configuration that is to be forced.

    Attributes:
        node: the directory's name; None where it has none in the evidence.
        role: that it should get.
        name: what the product calls it; empty where the evidence does not tell.
    """

    id: int
    address: str
    role: Role
    node: str | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        kind: what it does.
        title: what is done, and where.
        runs: what is typed, and where; empty where nothing is.
        expect: how it looks when it worked.
        stop: when not to go on.
        nodes: where, by name; empty where on every node, or where it is about none.
        then: of a start: who follows, once the first ones have a leader.
        cause: what it mends; None where it is a step of a recovery.
        what: what it does, as data: steps of one kind that do the same, for several databases or causes, are done in
            one go. Empty where no other step does the same.
        guests: the instances of the machine stop with the service.
        suspects: what all nodes share is looked at: damage on every one of them is rarely chance.
        faults: keys of those that it removes or looks after, or that the course is about which it belongs to.
    """

    kind: StepKind
    title: str
    runs: Runs = ()
    expect: str = ""
    stop: str = ""
    nodes: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    cause: FaultKind | None = None
    what: tuple[Hashable, ...] = ()
    guests: bool = False
    suspects: bool = False
    faults: tuple[str, ...] = ()

    @property
    def commands(self) -> tuple[str, ...]:
        """All that is typed, wherever."""
        return commands_of_runs(self.runs)


@dataclass(frozen=True, slots=True)
class Situation:
    """What the steps need to know.

    Attributes:
        node: to recover from.
        directory: of its state, as the input has it.
        last: (term, index) that its log ends with.
        members: the new configuration; empty where the members are not known.
        survivors: other nodes whose directories are at hand, and that stay.
        never_start: who must not be started with the directory that it has: nodes by name, lost members by address.
        version: of the product on the node's machine; None where the evidence does not tell.
        loads: the node starts as it is, or that is not known.
        proposal: where it does not: what to move away so that it does; None where nothing helps.
        goes_on: it has open segments whose content did not arrive, and which may hold more.
    """

    node: str
    directory: str
    last: tuple[int | None, int | None]
    members: tuple[Member, ...]
    survivors: tuple[str, ...] = field(default=())
    never_start: tuple[str, ...] = field(default=())
    version: tuple[int, ...] | None = None
    loads: bool = True
    proposal: Proposal | None = None
    goes_on: bool = False

    @property
    def spreads(self) -> bool:
        """There may be a node that has to get what was recovered: not so where the only member is the node itself."""
        return bool(self.survivors) or len(self.members) != 1
