"""The nouns of the answers: what a case is made of. Data; the words are in words.py."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Consequence(IntEnum):
    """What a fault comes to, worst first: what faults are ranked by."""

    COMMITTED_AT_RISK = 1  # the next start can lose committed entries, or make a second leader
    DATA_LOST = 2  # committed entries are in no file that arrived
    NO_MAJORITY = 3  # the database cannot elect a leader
    NODE_DOWN = 4  # a node does not start, or cannot take part
    REDUNDANCY = 5  # it runs with less than it should
    HYGIENE = 6  # worth mending; or worth knowing


class Need(StrEnum):
    """Whether a node has to be recovered from. Values are those of report.json."""

    NEEDED = "needed"
    NOT_NEEDED = "not-needed"
    CANNOT_BE_TOLD = "cannot-be-told"


@dataclass(frozen=True, slots=True)
class RecoverFrom:
    """Which node to recover one database from, if any."""

    database: str
    node: str | None
    need: Need


@dataclass(frozen=True, slots=True)
class Lost:
    """Entries of one database that are lost, or at risk.

    Attributes:
        first_index, last_index: which; an end that cannot be known is None.
        node: whose start drops them, or whose file held them.
        also_on: other nodes whose files still hold all of them, readable.
        certain: they are in no file that arrived, or the next start drops the last copy; else they only may be lost.
        repairable: a copy is behind damage that one known bit explains, or behind a bad batch in a file.
    """

    database: str
    node: str
    first_index: int | None
    last_index: int | None
    also_on: tuple[str, ...]
    certain: bool
    repairable: bool = False
