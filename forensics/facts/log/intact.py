"""What of a damaged segment is still intact: sound batches behind the damage, and batches that one known bit restores.

Loading does not read any of it; whoever repairs or exports can. Only damaged segments are read again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from forensics.evidence import Blob
from forensics.facts.log.configuration_change import ConfigurationChange
from forensics.parsers.configuration import parse_configuration
from forensics.parsers.damage import Damage
from forensics.parsers.salvage import place, salvage
from forensics.parsers.segment import EntryType, Segment
from forensics.parsers.segment_walk import parse_segment


@dataclass(frozen=True, slots=True, eq=False)
class IntactPart:
    """Sound batches of a damaged segment, in a row.

    Attributes:
        first: index that the first entry was written at; None where that is not known.
        segment: the entries as they were written, with what one flipped bit changed put right; offsets are the file's.
        restored: positions of the entries whose batch is sound only with one bit flipped back.
        changes: the configurations among the entries, by position.
        lost_before: how many entries the bad stretch before it held; None where that is not known.
    """

    first: int | None
    segment: Segment
    restored: tuple[int, ...] = ()
    changes: tuple[ConfigurationChange, ...] = ()
    lost_before: int | None = 0

    @property
    def end(self) -> int | None:
        """Index that follows its last entry; None where that is not known."""
        return None if self.first is None else self.first + len(self.segment)

    def placed_changes(self) -> Iterator[ConfigurationChange]:
        """The configurations with their indexes; none where these are not known."""
        if self.first is not None:
            yield from (replace(change, index=self.first + change.index) for change in self.changes)


@dataclass(frozen=True, slots=True, eq=False)
class IntactSegment:
    """A damaged segment, read past its damage.

    Attributes:
        parts: from its beginning, those that hold entries.
        to_its_end: nothing bad lies behind the last of them.
        lost_behind: how many entries lie behind the last of them; None where that is not known.
    """

    parts: tuple[IntactPart, ...]
    to_its_end: bool
    lost_behind: int | None = 0

    @property
    def end(self) -> int | None:
        """Index that would follow its last entry; None where that is not known."""
        end = self.parts[-1].end if self.parts else None
        return None if end is None or self.lost_behind is None else end + self.lost_behind


def read_past_damage(
    blob: Blob, segment: Segment, damages: tuple[Damage, ...], first: int | None, last: int | None
) -> IntactSegment:
    """All that is intact in a damaged segment.

    Args:
        blob: its content.
        segment: what loading reads of it.
        damages: its bad stretches.
        first: index of its first entry; None where that is not known.
        last: index of its last entry, from the name of a closed one.
    """
    content = bytearray(blob.read())
    bits = [damage.flip for damage in damages if damage.flip is not None and damage.flip.odds is not None]
    for bit in bits:
        content[bit.at.offset] = bit.corrected
    view = memoryview(content)
    offsets = [bit.at.offset for bit in bits]
    whole = parse_segment(view, segment.path)
    stretches = salvage(view, whole)
    following = None if first is None else first + len(whole)
    goods = [whole, *(stretch.good for stretch in stretches)]
    starts = [first, *place(stretches, following, last)]
    found: list[IntactPart] = []
    lost: int | None = 0
    for part, start, before in zip(goods, starts, [0, *(stretch.lost for stretch in stretches)], strict=True):
        lost = _sum(lost, before)
        if len(part) and not (found and part.terms[0] < found[-1].segment.terms[-1]):  # else of an earlier use
            found.append(_part(view, start, part, offsets, lost))
            lost = 0
    return IntactSegment(tuple(found), not stretches or len(goods[-1]) > 0, lost)


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _part(
    view: memoryview, first: int | None, segment: Segment, offsets: list[int], lost_before: int | None
) -> IntactPart:
    restored = tuple(position for offset in offsets for position in _batch_at(segment, offset))
    return IntactPart(first, segment, restored, tuple(_changes(view, segment)), lost_before)


def _batch_at(segment: Segment, offset: int) -> range:
    """Positions of the entries in the batch that holds a byte."""
    number = bisect_right(segment.batches, offset) - 1
    if number < 0 or offset >= segment.good_end:
        return range(0)
    ends = [*segment.firsts[number + 1 : number + 2], len(segment)]
    return range(segment.firsts[number], ends[0])


def _changes(view: memoryview, segment: Segment) -> Iterator[ConfigurationChange]:
    position = segment.types.find(EntryType.CHANGE)
    while position >= 0:
        at = segment.payload_span(position)
        parsed = parse_configuration(bytes(view[at.offset : at.offset + at.length]), at)
        if parsed.value is not None:
            yield ConfigurationChange(position, segment.terms[position], parsed.value)
        position = segment.types.find(EntryType.CHANGE, position + 1)
