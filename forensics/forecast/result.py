"""The forecast of one node: which version it speaks for and why, the simulated start, and what to move away for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from forensics.forecast.model import Forecast
from forensics.forecast.proposals import Proposal
from forensics.forecast.versions import Library


class Sign(StrEnum):
    """What tells which version of dqlite runs a node. Values are those of the document."""

    ASKED_FOR = "asked-for"
    SNAP = "snap"  # the snap that is installed ships it
    LOCK_AND_WAL = "lock-and-wal"  # dqlite-lock, and a snapshot with a WAL
    LOCK_AND_CHECKPOINTS = "lock-and-checkpoints"  # dqlite-lock, checkpoint commands, a snapshot without a WAL
    LOCK = "lock"  # dqlite-lock alone
    WAL = "wal"  # a snapshot with a WAL, and no dqlite-lock
    CHECKPOINTS = "checkpoints"  # checkpoint commands, and no dqlite-lock
    NOTHING = "nothing"  # the newest version that is known is assumed


@dataclass(frozen=True, slots=True)
class LibraryChoice:
    """The version that a forecast speaks for.

    Attributes:
        library: the model of the version.
        sign: what tells it.
        snap: version of the snap, where that tells it.
        barriers: leaders begin their terms with a barrier, as raft 0.17.1 and later do.
    """

    library: Library
    sign: Sign
    snap: str = ""
    barriers: bool = False

    @property
    def guessed(self) -> bool:
        """Nothing tells the version."""
        return self.sign is Sign.NOTHING


class Missing(StrEnum):
    """Why a start cannot be simulated on what arrived. Values are stable codes."""

    NOT_TRIED = "not-tried"
    BROKEN = "broken"  # an error of this program: the report says where
    NAMES = "names"  # its listing or the input was cut: files may be missing
    CONTENT = "content"  # a file did not arrive whole, and files behind it may be missing
    TOO_LARGE = "too-large"  # a segment is larger than any that dqlite writes
    RAFT_FILES = "raft-files"  # there is none
    DECISIVE_CONTENT = "decisive-content"  # names and sizes do not rule out a start


@dataclass(frozen=True, slots=True)
class NoForecast:
    """Why there is no forecast of a node.

    Attributes:
        files: that it is about, by name.
        size: of the file, in bytes, where it is too large.
    """

    missing: Missing
    files: tuple[str, ...] = ()
    size: int | None = None


NOT_TRIED = NoForecast(Missing.NOT_TRIED)
"""Of a node whose facts are not complete yet."""

BROKEN = NoForecast(Missing.BROKEN)
"""Of a node that nothing can be said of, for the program failed on it."""


@dataclass(frozen=True, slots=True)
class NodeForecast:
    """What a start of this node would do.

    Attributes:
        node: its name.
        choice: the version, and what tells it.
        said: the simulated start.
        proposals: what to move away so that it starts; empty where it does.
        removed: files that the user asked to assume away.
        may_start: a version that may start the node, where nothing tells which one runs it and names alone stop the
            one assumed; else None.
    """

    node: str
    choice: LibraryChoice
    said: Forecast
    proposals: tuple[Proposal, ...]
    removed: tuple[str, ...] = ()
    may_start: Library | None = None
