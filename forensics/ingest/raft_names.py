"""File names of a raft directory, read as libraft reads them.

libraft uses sscanf, with field width 16 for closed segments (docs/reference/files.md#how-names-are-parsed): blanks and
signs before a number, missing zero padding and overflow are accepted, and hand-made names load. `canonical`: raft
itself would have written it so.

Source: canonical/dqlite src/raft/uv_segment.c (uvSegmentInfoMatch), src/raft/uv_snapshot.c (uvSnapshotInfoMatch).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_U64 = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class ClosedName:
    """`first-last`, both inclusive. `first` may exceed `last` on damage."""

    first: int
    last: int
    canonical: bool


@dataclass(frozen=True, slots=True)
class OpenName:
    """`open-N`; N counts the segments prepared since the process started."""

    counter: int
    canonical: bool


@dataclass(frozen=True, slots=True)
class SnapshotName:
    """`snapshot-TERM-INDEX-TIMESTAMP`; the timestamp is milliseconds of a monotonic clock, not wall time."""

    term: int
    index: int
    timestamp_ms: int
    canonical: bool

    @property
    def order(self) -> tuple[int, int, int]:
        """Libraft's order of snapshots: term first."""
        return self.term, self.index, self.timestamp_ms


@dataclass(frozen=True, slots=True)
class CorruptName:
    """`corrupt-NANOSECONDS-OLDNAME`: what self-repair renamed, and the wall clock when it did."""

    nanoseconds: int
    original: str


def parse_closed(name: str) -> ClosedName | None:
    """The range of a closed segment, or None where libraft would not take the name for one."""
    first, rest = _scan(name, width=16)
    if first is None or not rest.startswith("-"):
        return None
    last, rest = _scan(rest[1:], width=16)
    if last is None or rest:
        return None
    return ClosedName(first, last, name == f"{first:016d}-{last:016d}")


def parse_open(name: str) -> OpenName | None:
    """The counter of an open segment, or None."""
    if not name.startswith("open-"):
        return None
    counter, rest = _scan(name[5:])
    if counter is None or rest:
        return None
    return OpenName(counter, name == f"open-{counter}")


def parse_snapshot(name: str) -> SnapshotName | None:
    """Term, index and timestamp of a snapshot's data file, or None (also for its `.meta`)."""
    return _snapshot(name, suffix="")


def parse_snapshot_meta(name: str) -> SnapshotName | None:
    """As parse_snapshot, for the `.meta` beside it."""
    return _snapshot(name, suffix=".meta")


def parse_corrupt(name: str) -> CorruptName | None:
    """What self-repair (raft 0.14 and later) left behind, or None."""
    found = re.fullmatch(r"corrupt-(\d{1,20})-(.+)", name, re.DOTALL)
    return CorruptName(int(found[1]), found[2]) if found else None


def _snapshot(name: str, suffix: str) -> SnapshotName | None:
    if not name.startswith("snapshot-"):
        return None
    numbers = []
    rest = name[len("snapshot") :]
    for _ in range(3):
        if not rest.startswith("-"):
            return None
        number, rest = _scan(rest[1:])
        if number is None:
            return None
        numbers.append(number)
    if rest != suffix:
        return None
    term, index, timestamp = numbers
    return SnapshotName(term, index, timestamp, name == f"snapshot-{term}-{index}-{timestamp}{suffix}")


def _scan(text: str, width: int | None = None) -> tuple[int | None, str]:
    """One `%llu` of sscanf, with an optional field width (blanks do not count, a sign does): value and rest."""
    text = text.lstrip(" \t\n\v\f\r")
    digits = re.match(r"[+-]?[0-9]+", text[:width])
    if digits is None:
        return None, text
    # strtoull: a magnitude beyond 64 bits saturates; a minus sign negates modulo 2^64.
    magnitude = int(digits[0].lstrip("+-"))
    value = _U64 if magnitude > _U64 else (-magnitude if digits[0][0] == "-" else magnitude) & _U64
    return value, text[digits.end() :]
