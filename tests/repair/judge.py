"""What can be repaired of a damaged recording, from bytes alone: what is untouched of all nodes, and one flipped bit a
batch. Nothing here asks the tool.

A batch counts where the file of the same name still has its bytes at the same place, or has one bit of them flipped,
and its index is still told: that of an open segment by the name of the last closed one, and the open ones before it. A
snapshot counts where both of its files are untouched, or one bit of its `.meta` is flipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from forensics.check.tree import Tree
from tests.held.damage import Damaged
from tests.held.raw_log import batch_at
from tests.held.recording import Line, voters_at

_CLOSED = re.compile(r"^(\d{16})-(\d{16})$")
_OPEN = re.compile(r"^open-(\d+)$")
_SNAPSHOT = re.compile(r"^snapshot-\d+-(\d+)-\d+$")
Batches = Iterator[tuple[int, int, int, int]]
"""First and last index, offset and end in bytes."""


class Judged:
    """One damaged recording."""

    def __init__(self, made: Damaged) -> None:
        self._made, self._base = made, made.base

    @property
    def line(self) -> Line:
        """The committed history; empty where there are several."""
        lines = list(self._base.histories.values())
        return lines[0] if len(lines) == 1 else ()

    @property
    def name(self) -> str:
        """Of the recording."""
        return self._base.name

    @property
    def version(self) -> str:
        """Of the dqlite that wrote it."""
        return self._base.version

    @property
    def voters(self) -> int:
        """How many vote at its end."""
        return len(voters_at(self.line))

    @property
    def majority_is_sound(self) -> bool:
        """Directories of a majority of the voters are as they were recorded: there is nothing to repair."""
        voters = voters_at(self.line)
        sound = {
            self._base.ids[name]
            for name in self._base.nodes
            if self._made.trees.get(name) == self._base.trees[name] and len(self.line) <= len(self._base.lines[name])
        }
        return len(sound & voters) > len(voters) // 2

    @cached_property
    def reach(self) -> int:
        """The last index of that history up to which what is left determines everything."""
        names = [name for name in self._made.trees if name in self._base.trees and self._is_of_line(name)]
        spans = sorted(span for name in names for span in self._spans(name))
        return max(_onward(base, spans) for base in (0, *(base for name in names for base in self._snapshots(name))))

    @property
    def repairable(self) -> bool:
        """All that was committed is determined."""
        return bool(self.line) and self.reach >= len(self.line)

    def _is_of_line(self, name: str) -> bool:
        own = self._base.lines[name]
        return own[: len(self.line)] == self.line[: len(own)]

    def _snapshots(self, name: str) -> Iterator[int]:
        before, after = self._base.trees[name], self._made.trees[name]
        for file in before:
            found, meta = _SNAPSHOT.match(file), f"{file}.meta"
            if found and meta in before and file in after and meta in after:
                same = after[file].content == before[file].content
                if same and _bits(before[meta].content, after[meta].content) <= 1:
                    yield int(found[1])

    def _spans(self, name: str) -> Iterator[tuple[int, int]]:
        before, after = self._base.trees[name], self._made.trees[name]
        for file, first in _firsts(before):
            if file not in after or (_OPEN.match(file) and not _is_told(file, before, after)):
                continue
            old, new = before[file].content, after[file].content
            for start, end, at, stop in _batches(old, first):
                if old[:8] == new[:8] and len(new) >= stop and _bits(old[at:stop], new[at:stop]) <= 1:
                    yield start, end


def _is_told(file: str, before: Tree, after: Tree) -> bool:
    """Nothing changed of what the index of an open segment's first entry follows from."""
    closed = [max((name for name in tree if _CLOSED.match(name)), default=None) for tree in (before, after)]
    earlier = [name for name in before if (found := _OPEN.match(name)) and int(found[1]) < _number(file)]
    counted = all(name in after and after[name].content == before[name].content for name in earlier)
    return closed[0] == closed[1] and counted


def _number(file: str) -> int:
    return int(file.removeprefix("open-"))


def _onward(index: int, spans: list[tuple[int, int]]) -> int:
    for first, last in spans:
        if first <= index + 1:
            index = max(index, last)
    return index


def _bits(one: bytes, other: bytes) -> int:
    """How many bits differ; many, where the lengths do."""
    if len(one) != len(other):
        return 1 << 30
    return 0 if one == other else (int.from_bytes(one, "little") ^ int.from_bytes(other, "little")).bit_count()


def _firsts(tree: Tree) -> Iterator[tuple[str, int]]:
    """Segments of an undamaged directory, with the index of the first entry of each."""
    last = max((int(found[1]) for file in tree if (found := _SNAPSHOT.match(file))), default=0)
    for file in sorted(tree):
        if found := _CLOSED.match(file):
            last = max(last, int(found[2]))
            yield file, int(found[1])
    for _, file in sorted((int(found[1]), file) for file in tree if (found := _OPEN.match(file))):
        yield file, last + 1
        last += sum(end - first + 1 for first, end, _, _ in _batches(tree[file].content, 1))


def _batches(data: bytes, first: int) -> Batches:
    at = 8
    while batch := batch_at(data, at):
        yield first, first + len(batch[0]) - 1, at, batch[1]
        first, at = first + len(batch[0]), batch[1]
