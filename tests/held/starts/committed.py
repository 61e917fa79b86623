"""What was committed of a damaged recording and has to survive, from bytes alone.

All that a majority of the voters once stored, as the recording shows it. Raft takes it for granted that a disk forgets
nothing: where a voter's directory looks sound and holds less than it did, only what a majority can still be read to
hold has to survive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from forensics.check.tree import Tree
from tests.held.damage import Damaged
from tests.held.looks_sound import covered, looks_sound
from tests.held.raw_log import Entry, read_log, scan
from tests.held.recording import Line, voters_at

_SNAPSHOT = re.compile(r"^snapshot-\d+-(\d+)-\d+$")


class Committed:
    """Of one damaged recording."""

    def __init__(self, damaged: Damaged) -> None:
        self._trees, self._base = damaged.trees, damaged.base

    def required(self, leader: str, started: Iterable[str]) -> Iterator[list[Line]]:
        """For the leader's cluster and each started node of it: histories of which the leader's log has to hold one."""
        founded = self._base.committed(plain(leader))[:1]
        for name in sorted({leader, *started}):
            own = self._base.committed(plain(name))
            if own[:1] == founded:
                yield [line for whole, line in self._at_hand.items() if whole[: len(own)] == own] or [own]

    def whole(self) -> Line | None:
        """The only committed history, where there is one and nothing of it was forgotten."""
        same = [line for line, left in self._at_hand.items() if line == left]
        return same[0] if len(self._remaining) == len(same) == 1 else None

    def lost(self, after: dict[str, Tree]) -> list[Entry]:
        """What was readable of it somewhere, and is so no more; `after` has the directories that were started."""
        before = frozenset[Entry]().union(*self._readable.values())
        kept = frozenset[Entry]().union(*(_readable(tree) for tree in (self._trees | after).values()))
        snapshots = {file for tree in (self._trees | after).values() for file in tree if _SNAPSHOT.match(file)}
        covered = max((int(file.split("-")[2]) for file in snapshots), default=0)
        wanted = {one for line in self._remaining.values() for one in line[covered:] if one in before}
        return sorted(wanted - kept, key=lambda one: one.term)

    @cached_property
    def _readable(self) -> dict[str, frozenset[Entry]]:
        return {name: _readable(tree) for name, tree in self._trees.items()}

    @cached_property
    def _remaining(self) -> dict[Line, Line]:
        """By committed history: what of it has to survive."""
        return {line: self._remains(line) for line in self._base.histories.values()}

    @cached_property
    def _at_hand(self) -> dict[Line, Line]:
        """Without those of which no directory arrived: nothing tells of a recovery that was forced on one of them."""
        own = [self._base.lines[plain(name)] for name in self._trees]
        return {line: left for line, left in self._remaining.items() if any(one[: len(line)] == line for one in own)}

    def _remains(self, line: Line) -> Line:
        voters = voters_at(line)
        held = {name: self._held(name, line) for name in self._trees if self._base.ids[plain(name)] in voters}
        if not any(self._forgot(name, line, held[name]) for name in held):
            return line
        for length in range(len(line), 0, -1):
            holders = {self._base.ids[plain(name)] for name, most in held.items() if most >= length}
            if len(holders) > len(voters) // 2:
                return line[:length]
        return ()

    def _held(self, name: str, line: Line) -> int:
        """How much of a history can be read of a directory, from its beginning on."""
        own, found = self._base.lines[plain(name)], self._readable[name]
        known = covered(self._trees[name], self._base.trees[plain(name)])
        if own[:known] != line[:known]:
            known = 0
        return next((at for at, one in enumerate(line) if at >= known and one.kind and one not in found), len(line))

    def _forgot(self, name: str, line: Line, held: int) -> bool:
        """It looks sound, and it, or an older copy of it, once held more."""
        ids, lines = self._base.ids, self._base.lines
        most = max(_agree(lines[one], line) for one in ids if ids[one] == ids[plain(name)])
        return held < most and looks_sound(self._trees[name], self._base.trees[plain(name)])


def plain(name: str) -> str:
    """The recorded directory that one was made from."""
    return name.partition("-older")[0]


def misses(tree: Tree, line: Line) -> int | None:
    """The first index of a history that a directory's log does not hold in its place; None where it holds all."""
    log = _loaded(read_log({file: one.content for file, one in tree.items()}))
    covered = max((int(found[1]) for file in tree if (found := _SNAPSHOT.match(file))), default=0)
    wrong = (at for at, one in enumerate(line, 1) if one.kind and (log[at] != one if at in log else at > covered))
    return next(wrong, None)


def _loaded(log: dict[int, Entry]) -> dict[int, Entry]:
    """Without what lies before a gap that a snapshot covers: docs/reference/start.md#what-a-start-comes-to."""
    first = max(log, default=0)
    while first - 1 in log:
        first -= 1
    return {at: one for at, one in log.items() if at >= first}


def _readable(tree: Tree) -> frozenset[Entry]:
    return frozenset(one for file in tree.values() for one in scan(file.content))


def _agree(one: Line, other: Line) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, pair in pairs if pair[0] != pair[1]), min(len(one), len(other)))
