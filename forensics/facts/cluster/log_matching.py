"""Log matching: where the logs of two nodes hold different entries at one index, and what kind of difference it is.

Raft's invariant: equal (index, term) means an equal entry and an equal prefix (docs/reference/raft.md#what-must-hold).
So different terms at an index are two leaders' entries, of which raft keeps one; different content in one term is never
raft's own doing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

from forensics.facts.cluster.membership import node_membership
from forensics.facts.log.entry_arrays import EntryArrays, Stretch, intact_arrays_of
from forensics.facts.node.node import Node
from forensics.limits import DIFFERENCES_MAX
from forensics.parsers.segment import EntryType

_SHIFT_SAMPLE = 8  # so many entries in a row at another index are no accident
_SHIFT_REACH = 4096  # an open segment holds a few thousand entries; a shift is at most one or two of them


class Kind(Enum):
    """What a divergence is. Values are the words of report.json."""

    CONFLICT = "conflict"  # two terms: entries of two leaders
    # one side was given a configuration by hand at this index (docs/reference/raft.md#traces-of-a-recovery)
    FORCED = "forced-configuration"
    FORK = "fork"  # different entries of one index and term, and of all behind: two nodes led in that term
    ALTERED = "altered"  # the logs agree again behind: damage or tampering that kept checksums right
    # the same entries at other indexes: entries before them were lost (docs/reference/start.md#loading-segments)
    SHIFTED = "shifted"


@dataclass(frozen=True, slots=True)
class Side:
    """The nodes that hold one and the same entry at the index.

    Attributes:
        nodes: by name.
        term, type: of that entry.
        last: the highest index that any of them holds.
    """

    nodes: tuple[str, ...]
    term: int
    type: int
    last: int


@dataclass(frozen=True, slots=True)
class Divergence:
    """Different entries at one index, with equal ones (or nothing to compare) before.

    Attributes:
        index: the first that differs.
        sides: two or more, the one of the higher term first.
        kind: see Kind.
        last_index: of ALTERED, the last index that differs; else None.
        shift: of SHIFTED, how much higher the first side's indexes are than the second's for equal entries; else 0.
        term: of FORK, the first term that two nodes led in; else None.
        shown_by: of SHIFTED, nodes of the side with the higher indexes that have the equal entries so far behind.
    """

    index: int
    sides: tuple[Side, ...]
    kind: Kind
    last_index: int | None = None
    shift: int = 0
    term: int | None = None
    shown_by: tuple[str, ...] = ()

    @property
    def fewer(self) -> Side | None:
        """Of SHIFTED, the side that lost entries, so that what follows has their indexes."""
        if self.kind is not Kind.SHIFTED:
            return None
        return self.sides[1 if self.shift > 0 else 0]


@dataclass(frozen=True, slots=True)
class Difference:
    """A range of indexes at which two logs differ; `agree_again` where they are equal behind it."""

    first: int
    last: int
    agree_again: bool


def match_logs(nodes: Sequence[Node]) -> list[Divergence]:
    """All divergences among nodes of one cluster, by index.

    Where a configuration is only suspected of being forced, two terms at its index are explained without it. Logs whose
    entries do not have their indexes are left out.
    """
    arrays = {node.name: intact_arrays_of(node) for node in nodes}
    forced = {
        (node.name, event.index): event.suspected for node in nodes for event in node_membership(node) if event.forced
    }
    found: list[Divergence] = []
    for index, parted in sorted(_parted_pairs(arrays).items()):
        pairs = [pair for pair in parted if not _told(pair, index, found, arrays)]
        for names in _connected(pairs):
            if len(found) < DIFFERENCES_MAX and (divergence := _divergence(index, names, arrays, forced)):
                found.append(divergence)
    return sorted(found, key=lambda divergence: (divergence.index, divergence.sides[0].nodes))


def _parted_pairs(arrays: dict[str, EntryArrays]) -> dict[int, list[tuple[str, str]]]:
    """Pairs of nodes whose logs differ, by the first index at which they do."""
    parted: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for one, other in combinations(arrays, 2):
        difference = first_difference(arrays[one], arrays[other])
        if difference is not None:
            parted[difference.first].append((one, other))
    return parted


def _told(pair: tuple[str, str], index: int, found: list[Divergence], arrays: dict[str, EntryArrays]) -> bool:
    """The two parted before, where the log of one no longer reaches, but that of another of its history does."""
    return any(
        _is_of_another_side(trimmed, here, index, divergence, arrays)
        for divergence in found
        for here, trimmed in (pair, pair[::-1])
    )


def _is_of_another_side(
    trimmed: str, here: str, index: int, divergence: Divergence, arrays: dict[str, EntryArrays]
) -> bool:
    """`trimmed`, which no longer shows the divergence, has at `index` what a side has that `here` is not of."""
    side_of = {name: number for number, side in enumerate(divergence.sides) for name in side.nodes}
    if here not in side_of or trimmed in side_of:
        return False
    key = arrays[trimmed].key(index)
    return any(arrays[name].key(index) == key for name, number in side_of.items() if number != side_of[here])


def _connected(pairs: list[tuple[str, str]]) -> list[list[str]]:
    """Names that pairs connect, each group apart: two branches may part at one index, each for itself."""
    groups: list[list[str]] = []
    for pair in pairs:
        touched = [group for group in groups if set(pair) & set(group)]
        groups = [group for group in groups if group not in touched]
        groups.append(list(dict.fromkeys([name for group in touched for name in group] + list(pair))))
    return groups


def _divergence(
    index: int, names: list[str], arrays: dict[str, EntryArrays], forced: dict[tuple[str, int], bool]
) -> Divergence | None:
    groups: dict[tuple[int, int, int, int], list[str]] = {}
    for name, own in arrays.items():
        key = own.key(index)
        if name in names and key is not None:
            groups.setdefault(key, []).append(name)
    if len(groups) < 2:  # overlapping segments of one node contradict each other: its own rules tell of that
        return None
    sides = [
        Side(tuple(group), key[0], key[1], max(arrays[name].last or 0 for name in group))
        for key, group in groups.items()
    ]
    sides.sort(key=lambda side: (-side.term, -side.last, side.nodes))
    difference = first_difference(arrays[sides[0].nodes[0]], arrays[sides[1].nodes[0]])
    return _judge(index, tuple(sides), arrays, forced, difference) if difference is not None else None


def _judge(
    index: int,
    sides: tuple[Side, ...],
    arrays: dict[str, EntryArrays],
    forced: dict[tuple[str, int], bool],
    difference: Difference,
) -> Divergence:
    shifts = {
        (one, other): _shift(arrays[one], arrays[other], index) for one in sides[0].nodes for other in sides[1].nodes
    }
    shift = max(shifts.values(), key=abs, default=0)  # whoever lost some of the entries itself shows less
    if shift:
        with_them = {pair[0 if shift > 0 else 1] for pair, found in shifts.items() if found == shift}
        return Divergence(index, sides, Kind.SHIFTED, shift=shift, shown_by=tuple(sorted(with_them)))
    doubts = [forced[name, index] for side in sides for name in side.nodes if (name, index) in forced]
    if doubts and not (all(doubts) and sides[0].term != sides[1].term):
        return Divergence(index, sides, Kind.FORCED)
    if difference.agree_again:
        return Divergence(index, sides, Kind.ALTERED, last_index=difference.last)
    term = _shared_term(arrays[sides[0].nodes[0]], arrays[sides[1].nodes[0]], difference)
    if term is None:
        return Divergence(index, sides, Kind.CONFLICT)
    return Divergence(index, sides, Kind.FORK, term=term)


def _shared_term(one: EntryArrays, other: EntryArrays, difference: Difference) -> int | None:
    """The first term that both have at one index where they differ: two leaders in it. None in raft's own work."""
    for a in one.stretches:
        for b in other.stretches:
            first, last = max(a.first, b.first, difference.first), min(a.last, b.last, difference.last)
            if first > last:
                continue
            pairs = zip(a.terms[first - a.first : last - a.first + 1], b.terms[first - b.first :], strict=False)
            term = next((mine for mine, its in pairs if mine == its), None)
            if term is not None:
                return term
    return None


def first_difference(one: EntryArrays, other: EntryArrays) -> Difference | None:
    """The first range of indexes that both hold and that differs; None where there is none."""
    found: Difference | None = None
    for a in one.stretches:
        for b in other.stretches:
            first, last = max(a.first, b.first), min(a.last, b.last)
            if first > last or (found and found.first <= first):
                continue
            at = first_unequal(a, b, first, last)
            if at is not None and (found is None or at < found.first):
                found = _extent(a, b, at, last)
    return found


def agreement(one: EntryArrays, other: EntryArrays) -> int:
    """How many entries both hold, equal, up to the first that differs."""
    difference = first_difference(one, other)
    count = 0
    for a in one.stretches:
        for b in other.stretches:
            last = min(a.last, b.last, difference.first - 1 if difference else a.last)
            count += max(last - max(a.first, b.first) + 1, 0)
    return count


def first_unequal(a: Stretch, b: Stretch, first: int, last: int) -> int | None:
    """The first of these indexes at which the two differ; None where they are equal.

    Bisects on equality of whole ranges: each step compares memory.
    """
    if same_entries(a, b, first, last):
        return None
    while first < last:
        middle = (first + last) // 2
        if same_entries(a, b, first, middle):
            first = middle + 1
        else:
            last = middle
    return first


def same_entries(a: Stretch, b: Stretch, first: int, last: int) -> bool:
    """Whether all entries of `first` to `last` are equal."""
    x, y, count = first - a.first, first - b.first, last - first + 1
    return (
        a.types[x : x + count] == b.types[y : y + count]
        and a.terms[x : x + count].tobytes() == b.terms[y : y + count].tobytes()
        and a.digests[x : x + count].tobytes() == b.digests[y : y + count].tobytes()
        and a.sizes[x : x + count].tobytes() == b.sizes[y : y + count].tobytes()
    )


def _extent(a: Stretch, b: Stretch, first: int, last: int) -> Difference:
    """How far a difference reaches: to the last unequal entry if the logs agree behind it, else to the end."""
    end = last
    while end > first and a.key(end) == b.key(end):
        end -= 1
    return Difference(first, end, end < last)


def _shift(one: EntryArrays, other: EntryArrays, index: int) -> int:
    """By how much `one`'s indexes are higher for the entries that `other` holds from `index` on; 0 where they are not.

    Looks for a run of commands: an entry's page content makes its digest as good as a name.
    """
    a = next((part for part in reversed(one.stretches) if part.first <= index <= part.last), None)
    b = next((part for part in reversed(other.stretches) if part.first <= index <= part.last), None)
    if a is None or b is None:
        return 0
    higher, lower = _found_behind(a, b, index), _found_behind(b, a, index)
    return 0 if higher and lower else higher or -lower  # both: two segments have each other's name, and none is lost


def _found_behind(a: Stretch, b: Stretch, index: int) -> int:
    """How far behind `index` in `a` the entries stand that `b` holds from `index` on; 0 where they do not."""
    start = index - b.first
    count = min(_SHIFT_SAMPLE, len(b.types) - start)
    if count < 2 or b.types[start : start + count].count(EntryType.COMMAND) < 2:
        return 0
    wanted = b.digests[start : start + count]
    base = index - a.first
    for shift in range(1, min(_SHIFT_REACH, len(a.types) - base - count + 1)):
        at = base + shift
        if a.digests[at] == wanted[0] and a.digests[at : at + count] == wanted:
            same_terms = a.terms[at : at + count] == b.terms[start : start + count]
            return shift if same_terms else 0
    return 0
