"""Which entries stop being part of the log, as far as the bytes tell, and why.

Not part of the library's procedure: it drops these silently. Each step of loading that drops something notes it here,
and `settle` keeps what is really gone once the outcome is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from forensics.evidence import Blob
from forensics.limits import BATCH_ENTRIES_MAX
from forensics.parsers.salvage import is_unwritten, salvage
from forensics.parsers.segment import Segment, StopReason, is_zero
from forensics.parsers.segment_walk import parse_segment

_FORMAT = (1).to_bytes(8, "little")
_NOTHING = frozenset({StopReason.END, StopReason.ZEROS, StopReason.EMPTY})


class LossCause(StrEnum):
    """Why a start leaves entries out. Values are those of the forecast's document."""

    CUT = "cut"  # an open segment is cut at its first bad batch
    MOVED_AWAY = "moved-away"  # self-repair moves a corrupt segment away, with all that follow
    NOT_LOADED = "not-loaded"  # a closed segment does not join the newest chain: it stays on disk
    HALF_SNAPSHOT = "half-snapshot"  # a snapshot is not used, for its other half is missing or empty
    TAKEN_AWAY = "taken-away"  # a proposal, or the user, moves the file away


@dataclass(frozen=True, slots=True)
class BadBatch:
    """The first batch of a file that cannot be read.

    Attributes:
        number: in the file, from 1.
        offset: where it begins, in bytes.
        reason: what is wrong with it.
    """

    number: int
    offset: int
    reason: StopReason


@dataclass(frozen=True, slots=True)
class Loss:
    """Entries that stop being part of the log.

    Attributes:
        first, last: their indexes; an end that cannot be known is None.
        cause: why.
        file: that they are in, by its name before the start.
        batch: of `CUT`, where the file is cut.
        message: of `MOVED_AWAY`, the library's own text about the first segment that it moves.
        torn: only the last write of the log, which looks like one that the end of the process interrupted.
    """

    first: int | None
    last: int | None
    cause: LossCause
    file: str
    batch: BadBatch | None = None
    message: str = ""
    torn: bool = False


@dataclass(frozen=True, slots=True)
class Renumbered:
    """Entries that keep their content and get lower indexes than they were written with.

    Attributes:
        file: the open segment that they are in.
        cut: the segment before it, which is cut: numbering goes on from there.
    """

    file: str
    cut: str


@dataclass(slots=True)
class Losses:
    """What the steps of one start noted.

    Attributes:
        dropped: entries that the start removes from the log.
        ignored: ranges of closed segments that are left on disk and not loaded.
        snapshots: index of each snapshot that is deleted or passed over because half of it is missing, by file name.
        renumbered: open segments whose entries get other indexes than they had.
    """

    dropped: list[Loss] = field(default_factory=list)
    ignored: list[Loss] = field(default_factory=list)
    snapshots: dict[str, int] = field(default_factory=dict)
    renumbered: list[Renumbered] = field(default_factory=list)
    _cut: str | None = None

    def cut(self, name: str, segment: Segment, blob: Blob, index: int) -> None:
        """An open segment loses all from its first bad batch on; `index` is what the next entry would have had."""
        if segment.stop.reason in _NOTHING:
            return
        count = count_dropped(segment, blob)
        if count == 0:
            return
        batch = BadBatch(segment.stop.batch, segment.stop.offset, segment.stop.reason)
        last = None if count is None else index + count - 1
        self.dropped.append(Loss(index, last, LossCause.CUT, name, batch, torn=_is_torn(segment, blob)))
        self._cut = name

    def read_open(self, name: str) -> None:
        """An open segment gave entries; after one that was cut they are numbered too low."""
        if self._cut is not None:
            self.dropped[-1] = replace(self.dropped[-1], torn=False)
            self.renumbered.append(Renumbered(name, self._cut))

    def moved(self, files: Iterable[tuple[str, int | None, int | None, Segment, Blob]], message: str) -> None:
        """Segments moved away as corrupt: name, first and last index (None where unknown), content."""
        index: int | None = None
        for name, first, last, segment, blob in files:
            begins = first if first is not None else index
            if last is not None:
                index = last + 1
                self.dropped.append(Loss(begins, last, LossCause.MOVED_AWAY, name, message=message))
                continue
            count = count_all(segment, blob)
            if count == 0:
                continue
            index = None if count is None or begins is None else begins + count
            end = None if index is None else index - 1
            self.dropped.append(Loss(begins, end, LossCause.MOVED_AWAY, name, message=message))

    def settle(self, covered: int, start: int, last: int) -> tuple[Loss, ...]:
        """What is gone after loading returned a snapshot at `covered` (0: none) and entries `start` to `last`."""
        gone = [clipped for loss in self.dropped if (clipped := _clip(loss, covered + 1)) is not None]
        end = max(covered, last)
        gone += [clipped for loss in self.ignored if (clipped := _clip(loss, end + 1)) is not None]
        for name, index in self.snapshots.items():
            if index > end:
                gone.append(Loss(end + 1, index, LossCause.HALF_SNAPSHOT, name))
            elif covered == 0 and start > 1:
                gone.append(Loss(1, start - 1, LossCause.HALF_SNAPSHOT, name))
        return tuple(gone)


def _is_torn(segment: Segment, blob: Blob) -> bool:
    """Nothing but zeros lies behind the first bad batch, as far as its own numbers tell its extent.

    A write of several blocks may also have reached the file without its first one, in which its header would stand:
    then that block is as the write before left it. Where no checksum proves its numbers, whole batches further on prove
    them wrong.
    """
    if segment.stop.entries:
        return is_zero(blob.read(segment.stop.end))
    data = blob.read()
    return _looks_unfinished(segment, blob, data) and not any(len(part.good) for part in salvage(data, segment))


def _looks_unfinished(segment: Segment, blob: Blob, data: bytes | memoryview) -> bool:
    if segment.stop.reason is StopReason.COUNT_ZERO:
        return is_unwritten(data, segment.stop.offset)
    end = _claimed_end(segment.stop.offset, blob)
    return end is not None and is_zero(blob.read(end))


def _claimed_end(offset: int, blob: Blob) -> int | None:
    """Where a batch ends by its own count and sizes, checked or not; None where they are impossible."""
    count = int.from_bytes(blob.read(offset + 8, 8), "little")
    if not 1 <= count <= BATCH_ENTRIES_MAX:
        return None
    headers = blob.take(offset + 16, 16 * count)
    if headers is None:
        return None
    sizes = (int.from_bytes(headers[at + 12 : at + 16], "little") for at in range(0, len(headers), 16))
    return offset + 16 + len(headers) + sum(sizes)


def _clip(loss: Loss, first: int) -> Loss | None:
    """The part from index `first` on."""
    if loss.last is not None and loss.last < first:
        return None
    return loss if loss.first is None or loss.first >= first else replace(loss, first=first)


def count_all(segment: Segment, blob: Blob) -> int | None:
    """How many entries a file holds, whatever its format word says; None where that cannot be known."""
    if segment.stop.reason is StopReason.FORMAT:
        segment = parse_segment(_FORMAT + blob.read(8))
        if not len(segment) and segment.stop.reason is not StopReason.ZEROS:
            return None
    rest = count_dropped(segment, blob)
    return None if rest is None else len(segment) + rest


def count_dropped(segment: Segment, blob: Blob) -> int | None:
    """How many entries follow the last good batch: known while each bad batch still tells its own extent."""
    count = 0
    stop = segment.stop
    end = stop.end
    while stop.reason not in _NOTHING:
        if not stop.entries or stop.reason is StopReason.SHORT_DATA:
            return count + stop.entries if stop.entries else None
        count += stop.entries
        if end >= blob.size:
            return count
        rest = parse_segment(_FORMAT + blob.read(end))
        if not len(rest) and rest.stop.reason is StopReason.SHORT_PREAMBLE and rest.stop.stored == 0:
            return count
        count += len(rest)
        stop = rest.stop
        end += stop.end - len(_FORMAT)
    return count
