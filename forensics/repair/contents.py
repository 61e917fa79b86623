"""What a repaired state directory holds: which files, from where, with which bytes changed. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from forensics.evidence import Blob
from forensics.facts.node.node import Node
from forensics.facts.start.repair import Repair
from forensics.forecast.result import LibraryChoice
from forensics.ingest.files import Kind
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateFile
from forensics.parsers.bitflip import BitFlip

_KEY_SUFFIX = ".key"


class LeftOut(StrEnum):
    """Why a file of the evidence is not in the result. Values are those of repair.json."""

    MOVED_AWAY = "moved-away"  # the start refuses, or loses entries, while it is there
    MADE_ANEW = "made-anew"  # what of it is sound is in files that were made anew, or others hold all of it
    KEY = "key"  # private keys stay where they are
    MEMBER = "member"  # says that the node has not joined yet, and it has
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


class Making(StrEnum):
    """What a file that is made anew holds. Values are those of repair.json."""

    ENTRIES = "entries"
    TERM = "term"  # metadata1: term and vote
    SNAPSHOT = "snapshot"  # databases, as the time machine has them
    COMPRESSED = "compressed"  # a snapshot's data, for a version that reads no other
    SNAPSHOT_META = "snapshot-meta"
    SNAPSHOT_ALONE = "snapshot-alone"  # a .meta with the node as the only member
    CONFIGURATION = "configuration"  # an entry, as a product's recovery writes it
    MEMBERS = "members"  # cluster.yaml, with the node alone
    ALL_MEMBERS = "all-members"  # cluster.yaml, with those of the newest configuration
    IDENTITY = "identity"  # info.yaml


@dataclass(frozen=True, slots=True)
class Taken:
    """Entries `first` to `last` of a file that is made anew: from that file of that node, with these bytes set."""

    node: str
    blob: Blob
    first: int
    last: int
    changes: tuple[ByteChange, ...] = ()


@dataclass(frozen=True, slots=True)
class MadeFile:
    """One file of the result that no node has like this.

    Attributes:
        content: gives it, piece by piece.
        taken: of ENTRIES, SNAPSHOT and COMPRESSED, where they come from.
    """

    name: str
    making: Making
    content: Callable[[], Iterator[bytes]]
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Entries `first` to `last`."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Against:
    """Entries of a node that are not used: it has another history from `first` on, up to `last`."""

    node: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that is written for one node.

    Attributes:
        id, address: of the node; None where not known.
        choice: the version of dqlite that the node's own forecast speaks for.
        last: index of the last entry that the result must have; None where the evidence's own forecast says it.
        files: by name.
        left_out: files of the evidence that are not, with the reason, by name.
        lost: entries that the node or another of its history once stored, and that the result has not.
        history: the node whose history it follows, by name.
        against: what others have instead.
        forced: the node becomes the only member.
    """

    node: str
    id: int | None
    address: str | None
    choice: LibraryChoice
    last: int | None
    files: tuple[FileContent | MadeFile, ...]
    left_out: tuple[tuple[str, LeftOut], ...]
    lost: tuple[Span, ...] = ()
    history: str = ""
    against: tuple[Against, ...] = ()
    forced: bool = False


def contents_of(node: Node, repair: Repair) -> Contents:
    """The repair, carried out on the node's own files; all else byte for byte."""
    changes = dict(_changes(repair))
    files: list[FileContent | MadeFile] = []
    left_out: list[tuple[str, LeftOut]] = []
    for name, file in sorted(node.state.files.items()):
        why = LeftOut.MOVED_AWAY if name in repair.moved else not_copied(file)
        if why is not None:
            left_out.append((name, why))
        elif file.blob is not None:
            files.append(FileContent(name, file.blob, changes.get(name, ())))
    loaded = repair.after.said.loaded
    lost = tuple(Span(one.first, one.last) for one in repair.lost if one.first is not None and one.last is not None)
    last = loaded.log.last if loaded else None
    kept, out = tuple(files), tuple(left_out)
    return Contents(node.name, node.id, node.address, repair.after.choice, last, kept, out, lost, node.name)


def not_copied(file: StateFile) -> LeftOut | None:
    """Why a file is in no result; None where it can be."""
    if file.role is FileRole.KEY or file.name.endswith(_KEY_SUFFIX):
        return LeftOut.KEY
    if file.kind is not Kind.FILE or "/" in file.name:
        return LeftOut.NO_FILE
    return LeftOut.NO_CONTENT if file.blob is None or file.cut else None


def _changes(repair: Repair) -> Iterator[tuple[str, tuple[ByteChange, ...]]]:
    for name in dict.fromkeys(name for name, _ in repair.bits):
        yield name, changes_of_bits(bit for other, bit in repair.bits if other == name)


def changes_of_bits(bits: Iterable[BitFlip]) -> tuple[ByteChange, ...]:
    """What setting bits of one file back comes to, by offset."""
    changed: dict[int, ByteChange] = {}
    for bit in bits:
        at = bit.at.offset
        before = changed.get(at)
        new = bit.corrected if before is None else before.new ^ (1 << bit.bit)
        changed[at] = ByteChange(at, bit.stored, new, bit.odds)
    return tuple(change for _, change in sorted(changed.items()))
