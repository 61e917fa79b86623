"""The picture of the logs: coordinates by hand. The plot is 816 units wide, from 168 to 984."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from forensics.report.document import Band, Log, Segment, SegmentKind, Snapshot
from forensics.report.picture import Picture, picture_of
from forensics.report.picture_blocks import LEFT, RIGHT
from tests.report.documents import changed, cluster, node


def part(first: int | None, last: int | None, kind: str = "closed", **changes: Any) -> Segment:
    count = 0 if first is None or last is None else last - first + 1
    base = Segment(
        name=f"{first}-{last}",
        kind=SegmentKind(kind),
        first_index=first,
        last_index=last,
        entries=count,
        damaged=False,
        stop="end",
        stop_offset=0,
    )
    return changed(base, **changes)


def log(*parts: Segment, terms: Iterable[tuple[int, int, int]] = ()) -> Log:
    indexes = [index for part in parts for index in (part.first_index, part.last_index) if index is not None]
    return Log(
        first_index=indexes[0],
        last_index=indexes[-1],
        last_term=1,
        entries=1,
        bytes=1,
        segments=parts,
        terms=tuple(Band(first_index=first, last_index=last, term=term) for first, last, term in terms),
    )


def snapshot(index: int) -> Snapshot:
    name = f"snapshot-1-{index}-1"
    return Snapshot(name=name, term=1, index=index, configuration_index=1, servers=(), databases=(), valid=True)


def draw(*parts: Segment, snapshots: Iterable[int] = (), terms: Iterable[tuple[int, int, int]] = ()) -> Picture:
    held = tuple(snapshot(index) for index in snapshots)
    picture = picture_of(cluster(node("n1", "1", log=log(*parts, terms=terms), snapshots=held)))
    assert picture is not None
    return picture


def test_halves() -> None:
    """Indexes 1 to 100 over 816 units: 1 to 50 is the left half."""
    (left, right) = draw(part(1, 50), part(51, 100, "open")).lanes[0].blocks
    assert (left.x, left.width, left.kind) == (168, 408, "closed")
    assert (right.x, right.width, right.kind) == (576, 408, "open")


def test_one_index() -> None:
    (block,) = draw(part(7, 7)).lanes[0].blocks
    assert (block.x, block.width) == (168, 816)
    assert draw(part(7, 7)).ticks == [(576.0, "7")]


def test_a_gap_and_a_gap_that_the_snapshot_covers() -> None:
    kinds = [(block.kind, block.first, block.last) for block in draw(part(1, 10), part(21, 30)).lanes[0].blocks]
    assert ("gap", 11, 20) in kinds
    kinds = [
        (block.kind, block.first, block.last)
        for block in draw(part(1, 10), part(21, 30), snapshots=(20,)).lanes[0].blocks
    ]
    assert ("old-gap", 11, 20) in kinds


def test_damage_covers_what_the_name_promises_and_nobody_can_read() -> None:
    broken = part(1, 100, entries=25, damaged=True, stop="data-checksum", stop_offset=4096)
    blocks = {block.kind: block for block in draw(broken).lanes[0].blocks}
    assert (blocks["closed"].first, blocks["closed"].last) == (1, 25)
    assert (blocks["damage"].first, blocks["damage"].last) == (26, 100)
    assert "byte 4096" in blocks["damage"].title


def test_no_gap_behind_damage() -> None:
    broken = part(1, 100, entries=25, damaged=True)
    assert all("gap" not in block.kind for block in draw(broken, part(101, 200)).lanes[0].blocks)


def test_hundreds_of_segments_merge() -> None:
    parts = [part(start, start + 9) for start in range(1, 5001, 10)]
    (block,) = draw(*parts).lanes[0].blocks
    assert (block.first, block.last, block.count, block.x, block.width) == (1, 5000, 500, 168, 816)
    assert block.title == "500 closed segments: indexes 1 to 5000"


def test_a_wide_segment_stays_apart_from_narrow_ones() -> None:
    parts = [part(1, 5000), *(part(start, start + 1) for start in range(5001, 5101, 2))]
    wide, narrow = draw(*parts).lanes[0].blocks
    assert (wide.first, wide.last, wide.count) == (1, 5000, 1)
    assert (narrow.first, narrow.last, narrow.count) == (5001, 5100, 50)


@pytest.mark.parametrize("last", [1, 2, 9, 10, 99, 12345, 10**9, 2**64 - 1])
def test_everything_stays_inside_the_plot(last: int) -> None:
    picture = draw(part(1, last), part(None, None, "open"), snapshots=(1, last), terms=[(1, last, 3)])
    lane = picture.lanes[0]
    assert all(block.x >= LEFT and block.x + block.width <= RIGHT + 0.2 for block in [*lane.blocks, *lane.terms])
    assert all(LEFT <= x <= RIGHT for x, _ in picture.ticks)
    assert len(picture.ticks) <= 8


def test_many_terms_in_little_space_become_one_band() -> None:
    terms = [(index, index, index) for index in range(1, 2001)]
    bands = draw(part(1, 2000), terms=terms).lanes[0].terms
    assert len(bands) < 300
    assert bands[-1].last == 2000


def test_names_only() -> None:
    (block,) = draw(part(1, 10, entries=None, damaged=None, stop=None, stop_offset=None)).lanes[0].blocks
    assert block.kind == "named"


def test_nothing_to_draw() -> None:
    assert picture_of(cluster(node("n1", "1"))) is None


def test_an_absent_member_has_a_lane() -> None:
    absent = [{"id": "3", "address": "10.0.0.3:9000", "role": "voter"}]
    picture = picture_of(cluster(node("n1", "1", log=log(part(1, 2))), absent=absent))
    assert picture is not None
    assert [(lane.name, lane.note) for lane in picture.lanes] == [("n1", "1-2"), ("10.0.0.3:9000", "no evidence")]
