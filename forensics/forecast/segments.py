"""Loading segments: closed ones must be perfect, open ones are cut at their first bad batch.

Source: canonical/raft src/uv_segment.c (uvSegmentLoadAll, uvSegmentLoadClosed, uvSegmentLoadOpen,
uvRecoverFromCorruptSegment); docs/reference/start.md#loading-segments; docs/reference/start.md#self-repair.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from forensics.evidence import Blob
from forensics.forecast.directory_list import SegmentInfo
from forensics.forecast.files import IS_DIRECTORY
from forensics.forecast.reasons import Accident, AccidentKind
from forensics.forecast.simulation import Code, Crashed, Failed, Run
from forensics.forecast.snapshot import READ_BYTES_MAX
from forensics.masking.text import told_number
from forensics.parsers.segment import Segment, Stop, StopReason

U64 = (1 << 64) - 1
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Part:
    """The entries of one loaded segment file, and the content that their payloads are in.

    `promised`: of a file that is not at hand, how many entries its name promises; nothing else is known of them.
    """

    segment: Segment
    blob: Blob
    promised: int = 0

    def __len__(self) -> int:
        """Number of entries."""
        return self.promised or len(self.segment)


@dataclass(slots=True)
class Log:
    """The loaded entries: segments in order, whose entries count up from `start`."""

    start: int = 1
    parts: list[Part] = field(default_factory=list)

    def __len__(self) -> int:
        """Number of entries."""
        return sum(len(part) for part in self.parts)

    @property
    def last(self) -> int:
        """Index of the last entry; start - 1 where there is none."""
        return (self.start + len(self) - 1) & U64

    @property
    def last_term(self) -> int | None:
        """Term of the last entry."""
        return self.parts[-1].segment.terms[-1] if self.parts else None


def load_all(run: Run, start: int, infos: list[SegmentInfo]) -> Log:
    """Every segment of the list, in its order."""
    run.must(start >= 1, "start_index >= 1")
    run.movable.update(info.name for position, info in enumerate(infos) if _is_repairable(infos, position))
    log = Log(start)
    for position, info in enumerate(infos):
        expected = (start + len(log)) & U64
        run.reading = (info.name,)
        if info.is_open:
            try:
                part = _load_open(run, info, expected)
            except Failed as failure:
                run.message.wrap(f"load open segment {info.name}")
                _recover(run, failure, position, infos, expected)
                raise
            run.message.wrap(f"load open segment {info.name}")
            if part is not None:
                log.parts.append(part)
            continue
        run.must(info.first >= start, "info->first_index >= start_index")
        run.must(info.first <= info.end, "info->first_index <= info->end_index")
        if info.first != expected:
            why = f"unexpected closed segment {info.name}: first index should have been {expected}"
            raise run.fail(Code.CORRUPT, why)
        try:
            log.parts.append(_load_closed(run, info))
        except Failed as failure:
            run.message.wrap(f"load closed segment {info.name}")
            _recover(run, failure, position, infos, expected)
            raise
    run.reading = ()
    return log


def _load_closed(run: Run, info: SegmentInfo) -> Part:
    if info.name not in run.directory:  # a name that was cut at 33 bytes: stat fails, without a text
        raise run.fail(Code.IOERR)
    if run.directory.size(info.name) == 0:
        raise run.fail(Code.CORRUPT, "file is empty")
    expected = (info.end - info.first + 1) & 0xFFFFFFFF
    segment = _read(run, info.name)
    if segment is None:
        return Part(Segment(info.name, 0), run.directory.blob(info.name), promised=expected)
    if segment.format != _FORMAT:
        raise _unexpected_format(run, segment.format or 0)
    if segment.stop.reason is not StopReason.END:
        raise _batch_failure(run, segment.stop)
    if len(segment) != expected:
        raise run.fail(Code.CORRUPT, f"found {len(segment)} entries (expected {expected})")
    return Part(segment, run.directory.blob(info.name))


def _load_open(run: Run, info: SegmentInfo, first: int) -> Part | None:
    """The entries, or None where the file was removed. `info` becomes that of the closed segment it turned into."""
    directory = run.directory
    if info.name not in directory:
        raise run.fail(Code.IOERR)
    if directory.size(info.name) == 0:
        _remove(run, info.name)
        return None
    segment = _read(run, info.name)
    if segment is None:
        return None
    if segment.format != _FORMAT:
        if segment.format == 0 and segment.stop.reason is StopReason.ZEROS:
            _remove(run, info.name)
            return None
        raise _unexpected_format(run, segment.format or 0)
    if segment.stop.reason is not StopReason.END:
        failure = _batch_failure(run, segment.stop, wrapped=False)
        if failure.code != Code.CORRUPT:
            _wrap_batch(run, segment.stop)
            if len(segment):
                raise Crashed(Accident(AccidentKind.SEGMENT_FREED_TWICE, run.message.shown))
            raise failure
    if not len(segment):
        run.losses.cut(info.name, segment, directory.blob(info.name), first)
        _remove(run, info.name)
        return None
    part = Part(segment, directory.blob(info.name))
    _finalize(run, info, segment, first)
    return part


def _read(run: Run, name: str) -> Segment | None:
    """The file's content as a segment; None where it is not at hand, and taken for good."""
    size = run.directory.size(name)
    problem = None
    if run.directory.is_directory(name):
        problem = f"read: {IS_DIRECTORY}"
    elif run.library.reads_once and size > READ_BYTES_MAX:
        problem = f"short read: {READ_BYTES_MAX} bytes instead of {size}"
    if problem is not None:
        run.message.set(problem)
        run.message.wrap("read file")
        raise run.fail(Code.IOERR)
    if size < 8:
        raise run.fail(Code.IOERR, f"file has only {size} bytes")
    return None if run.takes_for_good(name) else run.directory.segment(name)


_CORRUPT = {
    StopReason.COUNT_ZERO: "entries count in preamble is zero",
    StopReason.ZEROS: "entries count in preamble is zero",
    StopReason.HEADER_CHECKSUM: "header checksum mismatch",
    StopReason.DATA_CHECKSUM: "data checksum mismatch",
}
_SHORT = {StopReason.SHORT_HEADER: "read header", StopReason.SHORT_DATA: "read data"}


def _unexpected_format(run: Run, number: int) -> Failed:
    text = "unexpected format version {}"
    return run.fail(Code.CORRUPT, text.format(number), text.format(told_number(number)))


def _batch_failure(run: Run, stop: Stop, *, wrapped: bool = True) -> Failed:
    """What reading the batch at the stop fails with, its text in the buffer."""
    if stop.reason is StopReason.ENTRY_TYPE:
        code = Code.MALFORMED  # and no text: the buffer keeps what an earlier step left
    elif stop.reason is StopReason.SHORT_PREAMBLE:
        code = Code.IOERR  # checksums and count are two reads of 8 bytes
        run.message.set(f"short read: {stop.stored % 8} bytes instead of 8")
        run.message.wrap("read preamble")
    elif stop.reason in _SHORT:
        code = Code.IOERR
        run.message.set(f"short read: {stop.stored} bytes instead of {stop.computed}")
        run.message.wrap(_SHORT[stop.reason])
    else:
        code = Code.CORRUPT
        known = _CORRUPT.get(stop.reason)
        too_high = "entries count {} in preamble is too high"
        run.message.set(known or too_high.format(stop.stored), known or too_high.format(told_number(stop.stored)))
    if wrapped:
        _wrap_batch(run, stop)
    return run.fail(code)


def _wrap_batch(run: Run, stop: Stop) -> None:
    # Where the checksums are there and the count is not, the offset has moved behind them.
    moved = stop.stored // 8 * 8 if stop.reason is StopReason.SHORT_PREAMBLE else 0
    run.message.wrap(f"entries batch {stop.batch} starting at byte {stop.offset + moved}")


def _remove(run: Run, name: str) -> None:
    if run.directory.unlink(name) is not None:
        raise run.fail(Code.IOERR)


def _finalize(run: Run, info: SegmentInfo, segment: Segment, first: int) -> None:
    """Cut the file at the end of its last good batch, and name it after what it holds."""
    end = (first + len(segment) - 1) & U64
    run.must(end >= first, "end_index >= first_index")
    closed = f"{first:016d}-{end:016d}"
    if len(closed) > 33:
        raise run.fail(Code.IOERR)
    if run.directory.truncate(info.name, segment.good_end) is not None:
        raise run.fail(Code.IOERR)
    run.losses.read_open(info.name)
    run.losses.cut(info.name, segment, run.directory.blob(info.name), end + 1)
    if run.directory.rename(info.name, closed) is not None:
        raise run.fail(Code.IOERR)
    info.is_open, info.name, info.first, info.end = False, closed, first, end


def _recover(run: Run, failure: Failed, position: int, infos: list[SegmentInfo], expected: int) -> None:
    """Self-repair: move a corrupt segment away, with all that follow, unless another closed one follows it."""
    if failure.code != Code.CORRUPT:
        return
    if not _is_repairable(infos, position):
        return
    moved = infos[position:]
    present = [info for info in moved if info.name in run.directory]
    run.losses.moved(
        [_content(run, info, expected if info is moved[0] else None) for info in present], run.message.shown
    )
    for info in present:
        run.directory.rename(info.name, f"corrupt-*-{info.name}")


def _is_repairable(infos: list[SegmentInfo], position: int) -> bool:
    """Self-repair moves a corrupt segment there away."""
    following = infos[position + 1 :]
    return infos[position].is_open or not following or following[0].is_open


def _content(run: Run, info: SegmentInfo, first: int | None) -> tuple[str, int | None, int | None, Segment, Blob]:
    known = None if info.is_open else info.end
    return info.name, first, known, run.directory.segment(info.name), run.directory.blob(info.name)
