"""Histories that real SQLite wrote, as dqlite would have logged them: the oracle of the time machine.

A Writer runs SQL in WAL mode with dqlite's page size and never checkpoints; the frames that a transaction adds to the
WAL are what dqlite puts into its frames command. What SQLite answers afterwards is the truth.
"""

from __future__ import annotations

import shutil
import sqlite3
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lz4.frame

from forensics.ingest.state_directory import StateDirectory
from forensics.layouts.command import COMMAND_HEADER, FRAMES_HEADER, UNDO
from forensics.layouts.snapshot import DATA_HEADER, DATABASE_HEADER
from tests.raft_bytes import Made, segment, state_directory

PAGE = 4096
Page = tuple[int, bytes]
Rows = list[tuple[Any, ...]]


class Writer:
    """One database, written by SQLite."""

    def __init__(self, folder: Path, name: str = "k8s") -> None:
        self.name = name
        self.path = folder / f"{name}.sqlite"
        self._read = 0
        self._connection = sqlite3.connect(self.path, isolation_level=None)
        for pragma in (f"page_size={PAGE}", "journal_mode=WAL", "wal_autocheckpoint=0"):
            self._connection.execute(f"PRAGMA {pragma}")

    def run(self, *statements: str) -> list[Page]:
        """One transaction (a lone statement is its own, so VACUUM works); the pages that it wrote, in order."""
        if len(statements) > 1:
            statements = ("BEGIN", *statements, "COMMIT")
        for statement in statements:
            self._connection.execute(statement)
        return self._fresh()

    def rows(self, sql: str) -> Rows:
        """What SQLite answers."""
        return self._connection.execute(sql).fetchall()

    def images(self) -> tuple[bytes, bytes]:
        """The database file and the WAL file, as dqlite up to 1.16 puts them into a snapshot."""
        return self.path.read_bytes(), self._wal.read_bytes()

    def image(self) -> bytes:
        """The whole database as one file, as dqlite puts it into a snapshot since 1.17."""
        copy = self.path.with_suffix(".copy")
        shutil.copy(self.path, copy)
        shutil.copy(self._wal, f"{copy}-wal")
        connection = sqlite3.connect(copy)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return copy.read_bytes()

    def checkpoint(self) -> None:
        """Move the WAL into the file; a new WAL begins with the next transaction."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._read = 0

    @property
    def _wal(self) -> Path:
        return Path(f"{self.path}-wal")

    def _fresh(self) -> list[Page]:
        raw = self._wal.read_bytes()
        frames = range(max(self._read, 32), len(raw), 24 + PAGE)
        self._read = len(raw)
        return [(int.from_bytes(raw[at : at + 4], "big"), raw[at + 24 : at + 24 + PAGE]) for at in frames]


def text(value: str) -> bytes:
    """NUL-terminated, padded to a multiple of 8."""
    raw = value.encode() + b"\0"
    return raw + bytes(-len(raw) % 8)


def frames(name: str, pages: Sequence[Page], *, transaction: int = 0, commit: bool = True) -> bytes:
    """A frames command."""
    header = {
        "transaction": transaction, "truncate": 0, "is_commit": int(commit), "unused1": 127, "unused2": 0,
        "pages": len(pages), "page_size": PAGE, "unused3": 0,
    }  # fmt: skip
    return (
        bytes(COMMAND_HEADER.build({"format": 1, "type": 2, "unused": bytes(6)}))
        + text(name)
        + bytes(FRAMES_HEADER.build(header))
        + b"".join(struct.pack("<Q", number) for number, _ in pages)
        + b"".join(page for _, page in pages)
    )


def undo(transaction: int) -> bytes:
    """An undo command."""
    head: bytes = COMMAND_HEADER.build({"format": 1, "type": 3, "unused": bytes(6)})
    return head + bytes(UNDO.build({"transaction": transaction}))


def snapshot(databases: Iterable[tuple[str, bytes, bytes]], *, compress: bool = True) -> bytes:
    """A snapshot's data file of (name, main image, WAL image)."""
    listed = list(databases)
    raw: bytes = DATA_HEADER.build({"format": 1, "databases": len(listed)})
    for name, main, wal in listed:
        raw += text(name) + DATABASE_HEADER.build({"main_size": len(main), "wal_size": len(wal)}) + main + wal
    return lz4.frame.compress(raw, content_checksum=True) if compress else raw


@dataclass
class Log:
    """A state directory in the making: entries from index 1 on, cut into segments of `per_segment`."""

    per_segment: int = 4
    entries: list[tuple[int, bytes]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, payload: bytes, kind: int = 1) -> int:
        """Append an entry; its index."""
        self.entries.append((kind, payload))
        return len(self.entries)

    def snapshot(self, index: int, data: bytes, term: int = 1) -> str:
        """Add a snapshot's data file; its name."""
        name = f"snapshot-{term}-{index}-{index * 10}"
        self.files[name] = data
        return name

    def state(self, *, without: Iterable[int] = (), opened: bool = False) -> StateDirectory:
        """The directory; segments that begin with one of the indexes `without` are left out, the last may be open."""
        found = dict(self.files)
        starts = range(1, len(self.entries) + 1, self.per_segment)
        for first in starts:
            part = self.entries[first - 1 : first - 1 + self.per_segment]
            name = f"{first:016d}-{first + len(part) - 1:016d}"
            data = segment([[Made(1, kind, payload)] for kind, payload in part])
            if opened and first == starts[-1]:
                name, data = "open-1", data.ljust(256 * 1024, b"\0")
            if first not in without:
                found[name] = data
        return state_directory({**found})
