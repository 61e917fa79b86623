"""The nouns of the answers: what a case is made of. Data; the words are in words.py."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from forensics.election.elections import Election
from forensics.election.state import NodeState, State
from forensics.facts.log.range_writes import RangeWrites
from forensics.facts.start.repair import Repair
from forensics.fault_kind import FaultKind
from forensics.plan.plan import Plan
from forensics.plan.steps import Step
from forensics.severity import Effect, Scope, Severity


class Told(Protocol):
    """A finding, as far as faults need to know it."""

    @property
    def rule(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str | None: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def effect(self) -> Effect | None: ...
    @property
    def database(self) -> str | None: ...
    @property
    def nodes(self) -> tuple[str, ...]: ...
    @property
    def scope(self) -> Scope | None: ...


class Wanted(Protocol):
    """What did not arrive, as far as steps need to know it."""

    @property
    def database(self) -> str: ...
    @property
    def nodes(self) -> tuple[str, ...]: ...
    @property
    def commands(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """A member that an earlier report saw whole, and of which less arrived this time, or nothing.

    Attributes:
        name: of its directory; its address where none arrived.
        was: its name in that report.
        report: the report, by the name of its file.
        safe: it was safe to start then.
    """

    name: str
    was: str
    report: str
    safe: bool

    @property
    def called(self) -> str:
        """Both names, where they differ."""
        return self.name if self.name == self.was else f"{self.was} ({self.name})"


class Consequence(StrEnum):
    """What a fault comes to, worst first: what faults are ranked by. Values are those of report.json."""

    COMMITTED_AT_RISK = "committed-at-risk"  # the next start can lose committed entries, or make a second leader
    DATA_LOST = "data-lost"  # committed entries are in no file that arrived
    NO_MAJORITY = "no-majority"  # the database cannot elect a leader
    NODE_DOWN = "node-down"  # a node does not start, or cannot take part
    REDUNDANCY = "redundancy"  # it runs with less than it should
    HYGIENE = "hygiene"  # worth mending; or worth knowing

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return list(Consequence).index(self)


@dataclass(frozen=True, slots=True)
class Fault:
    """Findings of one cause.

    Attributes:
        kind: what is wrong, without where.
        database: None where it is about no one database.
        nodes: where, by name.
        everywhere: every node of the database has it, and there are several: look for what they have in common. Members
            that an earlier report saw count, too.
        consequences: what it comes to, worst first; never empty.
        severity: the worst of its findings.
        findings: their keys, the telling one first.
        names_no_node: the telling one is about one node or machine, whose name its words leave out.
        repairable: the repairs that are proposed mend it: a known bit is set back, or a file is moved away whose
            entries others have.
        suspects: causes that what was found points to, without a proof.
    """

    kind: FaultKind
    database: str | None
    nodes: tuple[str, ...]
    everywhere: bool
    consequences: tuple[Consequence, ...]
    severity: Severity
    findings: tuple[str, ...]
    names_no_node: bool = False
    repairable: bool = False
    suspects: tuple[FaultKind, ...] = ()

    @property
    def key(self) -> str:
        """What is wrong and where: no counts, no words."""
        return "|".join((self.kind, self.database or "", "+".join(self.nodes)))

    @property
    def worst(self) -> Consequence:
        """What it is ranked by."""
        return self.consequences[0]


class Need(StrEnum):
    """Whether a node has to be recovered from. Values are those of report.json."""

    NEEDED = "needed"
    NOT_NEEDED = "not-needed"
    CANNOT_BE_TOLD = "cannot-be-told"


class Course(StrEnum):
    """What one database needs, as far as raft goes."""

    NOTHING = "nothing"  # every node at hand is safe to start, and they can elect a leader
    REJOIN = "rejoin"  # some can be started and elect a leader; the others follow, return repaired, or join anew
    MEND = "mend"  # only files of the product keep nodes from starting; raft is well
    REPAIR = "repair"  # files of a node get a known bit back, or are moved away; then nothing has to be recovered
    RECOVER = "recover"  # no majority can be had from safe nodes: one node has to be recovered from
    CHOOSE = "choose"  # files do not tell which of several histories is committed: somebody has to decide
    ASK = "ask"  # what arrived does not decide
    DEAD_END = "dead-end"  # no directory that arrived can be used


@dataclass(frozen=True, slots=True)
class Lost:
    """Entries of one database that are lost, or at risk.

    Attributes:
        first_index, last_index: which; an end that cannot be known is None.
        nodes: whose start drops them, or lets the others drop them.
        also_on: other nodes whose files still hold all of them.
        certain: no file that arrived holds them readable; else they are at risk.
        rival: they are of one of two committed histories: given up if the other goes on.
        wrote: what they changed; None where nothing that arrived tells.
    """

    database: str
    nodes: tuple[str, ...]
    first_index: int | None
    last_index: int | None
    also_on: tuple[str, ...]
    certain: bool
    rival: bool = False
    wrote: RangeWrites | None = None


@dataclass(frozen=True, slots=True)
class DatabaseAnswer:
    """What is decided of one database.

    Attributes:
        database: the product's word; `name` also tells who founded it, where the input holds several of one database.
        states: one a node.
        course: what it needs.
        recover_from: the node, where one is needed and can be told.
        need: whether one is.
        safe: nodes that can be started together now, and elect a leader that holds everything; empty where none can.
        lost: entries that are lost or at risk.
        absent: members whose directories may still arrive, by address: those lost for good left out.
        start: nodes to start first, once the files of the product are mended that keep some of them from starting.
        follow: nodes that can be started one by one after these, once they have a leader: they get what they lack.
        plan: how a node would be recovered from; None where no log is at hand.
        alone: the only voter, where there is only one and its directory is at hand.
        elections: all that could be held; None where they were not searched.
        mendable: nodes that only their product keeps from starting, and that are safe once that is mended.
        mends: what mends the files that keep nodes from starting, of these and of others.
        voters: how many the newest configuration has; 0 where none is at hand.
        votes: those of them that are at hand, by name.
        committed: the last index that provably is committed, or that has to be taken for it.
        seen: members of which an earlier report saw more.
        full_disks: nodes behind the others whose open segments point to a disk that was full, by name.
        emptied: several nodes whose newest snapshot has an empty file, which points to full disks as well.
        repairs: of REPAIR, what is changed, node by node; `start` and `follow` count on it.
        rebuilt: of REPAIR, nodes that get a directory put together from all that arrived; `start` counts on it.
        later: what brings back nodes that the others do not need, once these have a leader: they need not join anew.
        copies: directories that are copies of another node's, by name: they are not judged.
    """

    database: str
    name: str
    states: tuple[NodeState, ...]
    course: Course
    recover_from: str | None
    need: Need
    safe: tuple[str, ...]
    lost: tuple[Lost, ...]
    absent: tuple[str, ...]
    start: tuple[str, ...] = ()
    follow: tuple[str, ...] = ()
    plan: Plan | None = None
    alone: str | None = None
    elections: tuple[Election, ...] | None = None
    mendable: tuple[str, ...] = ()
    mends: tuple[Step, ...] = ()
    repairs: tuple[Repair, ...] = ()
    later: tuple[Repair, ...] = ()
    voters: int = 0
    votes: frozenset[str] = frozenset()
    committed: int = 0
    full_disks: frozenset[str] = frozenset()
    emptied: frozenset[str] = frozenset()
    seen: tuple[SeenBefore, ...] = ()
    rebuilt: tuple[str, ...] = ()
    copies: frozenset[str] = frozenset()

    def needs(self, down: Collection[str]) -> bool:
        """Without these nodes too few voters run for a leader; where nothing tells who votes, no node at hand does."""
        if not self.voters:
            return bool(self.states) and {one.node for one in self.states} <= {*down}
        gone = self.votes & {*down}
        return bool(gone) and self.voters - len(gone) <= self.voters // 2

    def named(self, *states: State) -> tuple[str, ...]:
        """The nodes in one of these states, by name."""
        return tuple(one.node for one in self.states if one.state in states)


@dataclass(frozen=True, slots=True)
class Answers:
    """All of a case: docs/reference/report.md#the-case has it as JSON.

    Attributes:
        databases: what is decided of each.
        faults: worst first.
        first: what to do first, in one order for all databases.
    """

    databases: tuple[DatabaseAnswer, ...]
    faults: tuple[Fault, ...]
    first: tuple[Step, ...] = ()


def answer_about(
    database: str | None, nodes: Collection[str], answers: Iterable[DatabaseAnswer]
) -> DatabaseAnswer | None:
    """The answer that something about these nodes belongs to: an input may hold several clusters of one database."""
    of_database = [answer for answer in answers if answer.database == database]
    return max(of_database, key=lambda answer: sum(one.node in nodes for one in answer.states), default=None)
