"""What is found behind damage, and with which index."""

from __future__ import annotations

from itertools import accumulate

import pytest

from forensics.parsers.salvage import is_unwritten, place, salvage
from forensics.parsers.segment import StopReason
from forensics.parsers.segment_walk import parse_segment
from tests.raft_bytes import Made, batch, segment

BATCHES = [[Made(payload=bytes([number]) * 64)] for number in range(1, 4)] + [
    [Made(term=2, payload=b"x" * 8), Made(term=2, payload=b"y" * 16)],
    [Made(term=2, payload=b"z" * 512)],
]
STARTS = [8, *accumulate((len(batch(entries)) for entries in BATCHES), initial=8)][1:]
FIRST, LAST = 100, 105


def damaged(offset: int, replacement: bytes) -> bytes:
    data = bytearray(segment(BATCHES))
    data[offset : offset + len(replacement)] = replacement
    return bytes(data)


def test_bad_data_loses_only_its_batch_and_keeps_the_count() -> None:
    data = damaged(STARTS[1] + 40, b"\xff\xff")
    read = parse_segment(data, "s")
    (part,) = salvage(data, read)
    assert (read.stop.reason, part.lost) == (StopReason.DATA_CHECKSUM, 1)
    assert (part.bad.offset, part.bad.length) == (STARTS[1], STARTS[2] - STARTS[1])
    assert [(entry.term, entry.type, entry.size) for entry in part.suspects] == [(1, 1, 64)]
    assert place((part,), FIRST + len(read), None) == [102]
    assert list(part.good.sizes) == [64, 8, 16, 512]
    assert part.good.stop.reason is StopReason.END


def test_behind_a_bad_header_the_count_is_unknown_unless_the_name_tells_it() -> None:
    data = damaged(STARTS[1] + 16, b"\xff" * 16)
    read = parse_segment(data, "s")
    (part,) = salvage(data, read)
    assert (read.stop.reason, part.lost, part.suspects) == (StopReason.HEADER_CHECKSUM, None, ())
    assert place((part,), FIRST + len(read), None) == [None]
    assert place((part,), FIRST + len(read), LAST) == [102]


def test_two_bad_stretches_are_placed_from_both_ends() -> None:
    data = bytearray(damaged(STARTS[1] + 16, b"\xff" * 16))
    data[STARTS[3] + 60] ^= 0xFF
    read = parse_segment(bytes(data), "s")
    parts = salvage(bytes(data), read)
    assert [(part.bad.offset, part.lost, len(part.good)) for part in parts] == [(STARTS[1], None, 1), (STARTS[3], 2, 1)]
    assert place(parts, FIRST + len(read), LAST) == [102, 105]
    assert place(parts, FIRST + len(read), None) == [None, None]


@pytest.mark.parametrize("disk_format", [1, 2])
def test_a_bad_format_word_loses_nothing(disk_format: int) -> None:
    data = b"\7" + segment(BATCHES, disk_format)[1:]
    (part,) = salvage(data, parse_segment(data))
    assert (part.lost, len(part.good)) == (0, 6)


def test_a_cut_file_is_not_counted_back_from_its_end() -> None:
    data = damaged(STARTS[0] + 16, b"\xff" * 16)[:-8]
    parts = salvage(data, parse_segment(data))
    assert [part.stop.reason for part in parts] == [StopReason.HEADER_CHECKSUM, StopReason.SHORT_DATA]
    assert place(parts, FIRST, LAST) == [None, None]


def test_the_search_crosses_large_gaps() -> None:
    """More words than one step of the search takes; many of them small enough for a count."""
    gap = (b"\1" + bytes(7)) * 100_000
    data = segment(BATCHES[:1]) + gap + batch(BATCHES[4])
    (part,) = salvage(data, parse_segment(data))
    assert (part.good.batches[0], len(part.good)) == (len(data) - len(batch(BATCHES[4])), 1)
    assert part.bad.length == len(gap)


def test_forged_counts_are_bounded_in_work() -> None:
    """Every word claims the largest header there is: 4 MiB to checksum at each of half a million places."""
    forged = (262_144).to_bytes(8, "little") * 600_000
    entry = (1).to_bytes(8, "little")  # term 1 and type 1 in turn, as a header has them
    data = segment(BATCHES[:1]) + forged.replace(forged[:16], forged[:8] + entry)
    parts = salvage(data, parse_segment(data))
    assert len(parts) == 1
    assert not len(parts[0].good)


def test_a_sector_that_a_write_did_not_reach() -> None:
    """Batches end at byte 600: the next write fills sector 512 to 1023 anew. Zeros from 600 on: it was not reached."""
    assert is_unwritten(bytes(8) + b"x" * 592 + bytes(424) + b"next", 600)
    assert not is_unwritten(bytes(8) + b"x" * 592 + bytes(420) + b"next", 600)  # the write did reach it
    assert not is_unwritten(bytes(8) + b"x" * 504 + bytes(512) + b"next", 512)  # a sector of its own: may be erased
