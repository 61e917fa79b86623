"""One difference between two states of a node, or between two nodes, as data. Its words: comparison_words.py."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

from forensics.facts.cluster.member_changes import MembersChange
from forensics.facts.log.entry_range import EntryRange, Held
from forensics.facts.node.node import Grade
from forensics.ingest.roles import FileRole
from forensics.parsers.roles import Role


class Trend(StrEnum):
    """Values are the words of `diff`."""

    LATER = "later"  # what a running node does
    CHANGED = "changed"
    REPAIRED = "repaired"
    WORSE = "worse"


class Aspect(Enum):
    """What of a node differs."""

    EVIDENCE = "evidence"  # how much arrived
    ID = "id"
    ADDRESS = "address"
    VOTE = "vote"  # term and vote
    LOG = "log"
    LOG_SHORTER = "log-shorter"
    ENTRIES_REPLACED = "entries-replaced"  # from `index` on
    ENTRIES_DIFFER = "entries-differ"  # of two nodes, from `index` on; `equal` entries before
    ONE_HISTORY = "one-history"  # of two nodes: `equal` entries; one of them holds more
    SAME_LOG = "same-log"  # of two nodes: all `equal` entries that both hold
    SNAPSHOTS = "snapshots"
    CONFIGURATION = "configuration"
    MEMBERS = "members"  # `members` tells how they changed
    ADDRESS_BOOK = "cluster.yaml"
    FILE = "file"  # one that tells of trouble or of its end: `file`, `role`
    SOUNDNESS = "soundness"  # of `file`


@dataclass(frozen=True, slots=True)
class Subject:
    """What differs. For the fields beside `aspect` see Aspect."""

    aspect: Aspect
    index: int | None = None
    equal: int = 0
    members: MembersChange | None = None
    file: str = ""
    role: FileRole | None = None


class State(Enum):
    """Of a file."""

    THERE = "there"
    WHOLE = "whole"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Vote:
    """Term, and the ID that was voted for; None for nobody."""

    term: int
    voted_for: int | None


@dataclass(frozen=True, slots=True)
class LogSpan:
    """Which entries a log holds.

    Attributes:
        first: None where only a snapshot tells the end.
        last, term: the end, and its term; None where that is not known.
        more: what it holds that the other one does not; None where that is nothing.
    """

    first: int | None
    last: int
    term: int | None = None
    more: Held | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A member's address and role; None where it is unknown."""

    address: str | None
    role: Role | None


@dataclass(frozen=True, slots=True)
class Members:
    """Members as a configuration (of `entry`) or cluster.yaml (None) has them."""

    entry: int | None
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class EntryNumber:
    """Of which entry something is."""

    index: int


Value = Grade | State | Vote | LogSpan | Members | EntryNumber | Held | EntryRange | tuple[str, ...] | int | str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; before and after are None where there was or is nothing."""

    subject: Subject
    before: Value | None
    after: Value | None
    trend: Trend
