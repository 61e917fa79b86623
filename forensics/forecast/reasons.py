"""How a start ends, and why, as data; words.py has the sentences."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """Values are those of the forecast's document."""

    STARTS = "starts"
    FAILS = "fails"
    CRASHES = "crashes"
    HANGS = "hangs"
    UNKNOWN = "unknown"  # files that are not at hand decide, or what lies in memory


class Stage(StrEnum):
    """How far a start gets. Values are those of the forecast's document."""

    INIT = "init"  # probe, clean up, read the metadata
    LOAD = "load"  # snapshot and entries
    START = "start"  # restore the databases, find the configuration, apply


class AccidentKind(StrEnum):
    """What kills the process, or keeps it running forever."""

    ASSERTION = "assertion"  # a failed assertion of the library
    CONFIGURATION_FREED_TWICE = "configuration-freed-twice"
    SEGMENT_FREED_TWICE = "segment-freed-twice"
    UNINITIALISED_SNAPSHOT = "uninitialised-snapshot"
    SNAPSHOT_TOO_SHORT = "snapshot-too-short"  # its data ends before what its headers declare
    COPY_BEHIND_SNAPSHOT = "copy-behind-snapshot"  # pages are copied from behind the end of its data
    PAGE_SIZE = "page-size"  # an assertion: `number` bytes a page
    WAL_SIZE = "wal-size"  # an assertion: `number` bytes are no whole number of frames
    ENDLESS_FRAME = "endless-frame"  # an LZ4 frame that does not end


@dataclass(frozen=True, slots=True)
class Accident:
    """Why a start crashes or hangs.

    Attributes:
        text: of an assertion, the expression in C; of a segment freed twice, the library's message before that.
        number: of bytes, where the kind says so.
    """

    kind: AccidentKind
    text: str = ""
    number: int | None = None


class Undefined(StrEnum):
    """Why the real outcome depends on what lies in memory."""

    COMMAND_PAGES = "command-pages"  # a command claims more pages than it holds
    CONFIGURATION_SERVERS = "configuration-servers"  # a configuration claims more servers than it holds
    SNAPSHOT_SIZE = "snapshot-size"  # the headers of a snapshot's data declare more than there is
    FRAME_SIZE = "frame-size"  # the LZ4 frame declares no size
    WAL_PAGE = "wal-page"  # the WAL leaves a page out


class AssumptionKind(StrEnum):
    """What the model takes for granted instead of looking at it."""

    SLOW_QUICK_CHECK = "slow-quick-check"  # a database passes the check: it did not end in `number` seconds
    LARGE_DATABASE = "large-database"  # a database passes the check: it has `number` bytes
    SOLE_VOTER = "sole-voter"  # this node is server `number`, the only voter


@dataclass(frozen=True, slots=True)
class Assumption:
    """One of them.

    Attributes:
        number: as the kind says.
        database: its name, where it is about one.
    """

    kind: AssumptionKind
    number: int
    database: str = ""
