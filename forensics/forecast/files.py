"""The state directory as the simulated library sees it: the evidence, and an overlay of what loading did to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from forensics.evidence import Blob, BytesBlob
from forensics.parsers.segment import Segment, Stop, StopReason
from forensics.parsers.segment_walk import parse_segment

DIRECTORY_BYTES = 4096  # st_size of a directory on the usual file systems; archives do not record it

# libuv's texts (uv_strerror)
NO_ENTRY = "no such file or directory"
IS_DIRECTORY = "illegal operation on a directory"
NOT_DIRECTORY = "not a directory"
NOT_EMPTY = "directory not empty"
EXISTS = "file already exists"


class StateFile:
    """One name of the state directory: a file with its content, or a sub-directory.

    Reading a segment is the costly part of a forecast, so it is done once a file and kept: every further forecast (the
    second pass of loading, another version, a what-if) costs no reading. Who has parsed the segment hands it in.

    An `unseen` file is known by name and size: its content did not arrive, and is taken for good where it is needed.
    """

    __slots__ = ("_segment", "blob", "memo", "unseen")

    def __init__(self, blob: Blob | None, segment: Segment | None = None, *, unseen: bool = False) -> None:
        self.blob = blob
        self.unseen = unseen
        self.memo: dict[str, Any] = {}  # results of other costly steps on this content, by their name and version
        self._segment = segment

    @property
    def is_directory(self) -> bool:
        """There is no content to read."""
        return self.blob is None

    @property
    def size(self) -> int:
        """Bytes, as stat gives them."""
        return DIRECTORY_BYTES if self.blob is None else self.blob.size

    @property
    def segment(self) -> Segment:
        """The content read as a segment, up to the first batch that is not good."""
        if self._segment is None:
            self._segment = parse_segment(b"" if self.blob is None else self.blob.read())
        return self._segment


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a start does to the directory: delete, truncate, rename, create or write.

    `path` and `to` are names relative to the state directory; `size` is the length after a truncation.
    """

    action: str
    path: str
    to: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class _Node:
    file: StateFile
    size: int


class Directory:
    """An overlay over the evidence: starts as it is, and records every change in order."""

    def __init__(self, files: Mapping[str, StateFile]) -> None:
        self._nodes = {name: _Node(file, file.size) for name, file in files.items()}
        self.changes: list[Change] = []

    def __contains__(self, name: str) -> bool:
        return name in self._nodes

    def __iter__(self) -> Iterator[str]:
        """All names in the order of scandir with alphasort in the C locale: by bytes."""
        return iter(sorted(self._nodes, key=lambda name: name.encode("utf-8", "surrogateescape")))

    def size(self, name: str) -> int:
        """st_size."""
        return self._nodes[name].size

    def is_directory(self, name: str) -> bool:
        """A sub-directory carries the name."""
        return self._nodes[name].file.is_directory

    def is_unseen(self, name: str) -> bool:
        """Only name and size are known."""
        return name in self._nodes and self._nodes[name].file.unseen

    def read(self, name: str, offset: int = 0, length: int | None = None) -> bytes:
        """Bytes of a file's present content; fewer where it ends."""
        node = self._nodes[name]
        if node.file.blob is None or offset >= node.size:
            return b""
        left = node.size - offset
        return node.file.blob.read(offset, left if length is None else min(length, left))

    def blob(self, name: str) -> Blob:
        """A file's content as the evidence has it. Loading never cuts a file that is read this way."""
        blob = self._nodes[name].file.blob
        return BytesBlob(name, b"") if blob is None else blob

    def memo(self, name: str) -> dict[str, Any]:
        """What earlier simulations already worked out about this content."""
        return self._nodes[name].file.memo

    def segment(self, name: str) -> Segment:
        """A file's present content, read as a segment."""
        node = self._nodes[name]
        segment = node.file.segment
        if node.size == node.file.size:
            return segment
        # Loading truncates only at the end of the last good batch.
        stop = Stop(StopReason.END, node.size, segment.stop.batch, end=node.size)
        return replace(segment, size=node.size, stop=stop)

    def unlink(self, name: str) -> str | None:
        """Remove a file; the reason where that fails."""
        if name not in self._nodes:
            return NO_ENTRY
        if self.is_directory(name):
            return IS_DIRECTORY
        del self._nodes[name]
        self.changes.append(Change("delete", name))
        return None

    def truncate(self, name: str, size: int) -> str | None:
        """Cut a file; the reason where that fails."""
        if name not in self._nodes:
            return NO_ENTRY
        node = self._nodes[name]
        if node.file.is_directory:
            return IS_DIRECTORY
        if size != node.size:
            self._nodes[name] = _Node(node.file, size)
            self.changes.append(Change("truncate", name, size=size))
        return None

    def rename(self, name: str, to: str) -> str | None:
        """Give a file another name, replacing what carried it; the reason where that fails."""
        if name not in self._nodes:
            return NO_ENTRY
        if name == to:
            return None
        if to in self._nodes and self.is_directory(to) != self.is_directory(name):
            return IS_DIRECTORY if self.is_directory(to) else NOT_DIRECTORY
        if to in self._nodes and self.is_directory(to):
            return NOT_EMPTY
        self._nodes[to] = self._nodes.pop(name)
        self.changes.append(Change("rename", name, to=to))
        return None
