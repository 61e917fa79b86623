"""dqlite's commands: what an entry of type 1 asks each node's state machine to do.

Pages stay where they are: a Frames holds a view of the payload, and gives each page as a slice of it.
Transactions of dqlite up to 1.5 span several entries: frames without the commit flag, then one with it, all of the
same transaction number; an undo drops them (docs/reference/commands.md#generations). Putting those together is the time
machine's work.
Source: canonical/dqlite src/command.c, src/command.h; docs/reference/commands.md#layout.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from forensics.evidence import Anomaly, Parsed, Span
from forensics.limits import DATABASE_NAME_BYTES_MAX, PAGES_PER_COMMAND_MAX

_HEADER_BYTES = 8
_UNDO = struct.Struct("<Q")
_FRAMES = struct.Struct("<QIBxxxIHxx")  # as layouts.command.FRAMES_HEADER; a test holds the two equal
_PAGE_NUMBER_MAX = (1 << 31) - 1  # above it dqlite 1.18 aborts
_PAGE_SIZES = frozenset(1 << power for power in range(9, 16))  # 512 to 32768: 65536 does not fit the field


class CommandType(IntEnum):
    """The type byte of a command."""

    OPEN = 1
    FRAMES = 2
    UNDO = 3
    CHECKPOINT = 4


@dataclass(frozen=True, slots=True)
class Open:
    """Make the database known. Written by dqlite up to 1.5, once a database."""

    name: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Copy the WAL into the database; since dqlite 1.6 a no-op that leaders up to 1.18.2 still append."""

    name: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Drop what an unfinished transaction wrote. dqlite up to 1.5."""

    transaction: int


@dataclass(frozen=True, slots=True)
class Frames:
    """Write pages into a database.

    Attributes:
        name: of the database.
        transaction: 0 since dqlite 1.6.
        truncate: new size in pages as dqlite up to 1.5 gave it; 0 since 1.6.
        is_commit: the transaction ends with this command; always so since dqlite 1.6.
        page_size: bytes.
        claimed: how many pages the command says that it holds.
        numbers: of the pages whose content is there whole, from 1, in the order on disk.
        at: the payload.
    """

    name: str
    transaction: int
    truncate: int
    is_commit: bool
    page_size: int
    claimed: int
    numbers: tuple[int, ...]
    at: Span
    _pages: memoryview = field(repr=False, compare=False)

    def page(self, position: int) -> memoryview:
        """The content of the page at `position` of `numbers`: a slice of the payload, not a copy."""
        start = position * self.page_size
        return self._pages[start : start + self.page_size]

    def pages(self) -> Iterator[tuple[int, memoryview]]:
        """Number and content of each page."""
        for position, number in enumerate(self.numbers):
            yield number, self.page(position)

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """Stretches of pages that follow each other: position of the first, its number, how many."""
        first = 0
        for position in range(1, len(self.numbers) + 1):
            if position == len(self.numbers) or self.numbers[position] != self.numbers[position - 1] + 1:
                yield first, self.numbers[first], position - first
                first = position

    def page_span(self, position: int) -> Span:
        """Where the page at `position` lies."""
        start = self.at.length - len(self._pages) + position * self.page_size
        return Span(self.at.path, self.at.offset + start, self.page_size)


Command = Open | Frames | Undo | Checkpoint


def parse_command(payload: bytes | memoryview, at: Span) -> Parsed[Command]:
    """Read the payload of an entry of type 1. Never raises, copies no page.

    Args:
        payload: the whole payload; pages of the result are slices of it.
        at: where it lies.
    """
    view = memoryview(payload)
    if len(view) < _HEADER_BYTES:
        return _failed("command-short", at, f"{len(view)} bytes, less than a header")
    version, kind = view[0], view[1]
    if version != 1:
        return _failed("command-format", at, f"format {version}")
    if kind == CommandType.UNDO:
        if len(view) < _HEADER_BYTES + _UNDO.size:
            return _failed("command-short", at, "the transaction number is cut")
        return Parsed(Undo(_UNDO.unpack_from(view, _HEADER_BYTES)[0]))
    if kind not in (CommandType.OPEN, CommandType.FRAMES, CommandType.CHECKPOINT):
        return _failed("command-type", at, f"type {kind}")
    name, position = _text(view, _HEADER_BYTES)
    if name is None:
        return _failed("command-name", at, f"no end of the database's name within {DATABASE_NAME_BYTES_MAX} bytes")
    if kind == CommandType.FRAMES:
        return _frames(view, position, name, at)
    return Parsed(Open(name) if kind == CommandType.OPEN else Checkpoint(name))


def _frames(view: memoryview, position: int, name: str, at: Span) -> Parsed[Command]:
    if len(view) < position + _FRAMES.size:
        return _failed("command-short", at, "the header of the frames is cut")
    transaction, truncate, is_commit, claimed, page_size = _FRAMES.unpack_from(view, position)
    start = position + _FRAMES.size
    listed = min(claimed, (len(view) - start) // 8, PAGES_PER_COMMAND_MAX)
    numbers: tuple[int, ...] = struct.unpack_from(f"<{listed}Q", view, start)
    pages = view[start + 8 * claimed :]
    anomalies: list[Anomaly] = []
    if claimed and page_size not in _PAGE_SIZES:
        anomalies.append(Anomaly("command-page-size", at, f"pages of {page_size} bytes"))
    there = min(len(numbers), len(pages) // page_size) if page_size else 0
    if there < claimed:
        anomalies.append(Anomaly("command-short", at, f"{there} of {claimed} pages are there"))
    elif len(pages) > claimed * page_size:
        rest = len(pages) - claimed * page_size
        anomalies.append(Anomaly("command-tail", at, f"{rest} bytes behind the last page"))
    if any(not 0 < number <= _PAGE_NUMBER_MAX for number in numbers[:there]):
        anomalies.append(Anomaly("command-page-number", at, "a page number that SQLite cannot have"))
    frames = Frames(name, transaction, truncate, bool(is_commit), page_size, claimed, numbers[:there], at, pages)
    return Parsed(frames, tuple(anomalies))


def _text(view: memoryview, position: int) -> tuple[str | None, int]:
    """A NUL-terminated text and the position behind its padding to a multiple of 8."""
    raw = bytes(view[position : position + DATABASE_NAME_BYTES_MAX + 1])
    end = raw.find(b"\0")
    if end < 0:
        return None, position
    return raw[:end].decode("utf-8", "replace"), position + (end + 8) // 8 * 8


def _failed(code: str, at: Span, detail: str) -> Parsed[Command]:
    return Parsed(None, (Anomaly(code, at, detail),))
