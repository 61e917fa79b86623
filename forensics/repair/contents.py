"""What a repaired state directory holds: which files, from where, with which bytes changed. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from forensics.evidence import Blob
from forensics.facts.node.node import Node
from forensics.facts.start.repair import Repair
from forensics.ingest.files import Kind
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateFile

_KEY_SUFFIX = ".key"


class LeftOut(StrEnum):
    """Why a file of the evidence is not in the result. Values are those of repair.json."""

    MOVED_AWAY = "moved-away"  # the start refuses, or loses entries, while it is there
    KEY = "key"  # private keys stay where they are
    NO_FILE = "no-file"  # a directory, a link or a socket
    NO_CONTENT = "no-content"  # its content did not arrive, or not all of it; dqlite does not read it


@dataclass(frozen=True, slots=True)
class ByteChange:
    """One byte: its offset in the file, what it was, what it becomes, and how often chance looks like this bit.

    Attributes:
        odds: damage of another kind looks like this once in so many cases; None where no checksum tells.
    """

    offset: int
    old: int
    new: int
    odds: int | None


@dataclass(frozen=True, slots=True)
class FileContent:
    """One file of the result: the content of `blob`, with these bytes changed."""

    name: str
    blob: Blob
    changes: tuple[ByteChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that is written for one node.

    Attributes:
        files: by name.
        left_out: files of the evidence that are not, with the reason, by name.
    """

    node: str
    repair: Repair
    files: tuple[FileContent, ...]
    left_out: tuple[tuple[str, LeftOut], ...]


def contents_of(node: Node, repair: Repair) -> Contents:
    """The repair, carried out on the node's own files; all else byte for byte."""
    changes = dict(_changes(repair))
    files: list[FileContent] = []
    left_out: list[tuple[str, LeftOut]] = []
    for name, file in sorted(node.state.files.items()):
        why = _left_out(file, repair)
        if why is not None:
            left_out.append((name, why))
        elif file.blob is not None:
            files.append(FileContent(name, file.blob, changes.get(name, ())))
    return Contents(node.name, repair, tuple(files), tuple(left_out))


def _left_out(file: StateFile, repair: Repair) -> LeftOut | None:
    if file.name in repair.moved:
        return LeftOut.MOVED_AWAY
    if file.role is FileRole.KEY or file.name.endswith(_KEY_SUFFIX):
        return LeftOut.KEY
    if file.kind is not Kind.FILE or "/" in file.name:
        return LeftOut.NO_FILE
    return LeftOut.NO_CONTENT if file.blob is None or file.cut else None


def _changes(repair: Repair) -> Iterator[tuple[str, tuple[ByteChange, ...]]]:
    """By file: two bits of one byte are one change."""
    for name in dict.fromkeys(name for name, _ in repair.bits):
        bytes_now: dict[int, ByteChange] = {}
        for bit in (bit for other, bit in repair.bits if other == name):
            at = bit.at.offset
            before = bytes_now.get(at)
            new = bit.corrected if before is None else before.new ^ (1 << bit.bit)
            bytes_now[at] = ByteChange(at, bit.stored, new, bit.odds)
        yield name, tuple(change for _, change in sorted(bytes_now.items()))
