"""The picture of the logs: places by hand, in per cent of the plot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from forensics.report.document import Band, Log, Segment, SegmentKind, Snapshot
from forensics.report.picture import Picture, picture_of
from forensics.report.picture_time import time_picture_of
from tests.report.documents import changed, cluster, finding, node


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
    """Indexes 1 to 100: 1 to 50 is the left half."""
    (left, right) = draw(part(1, 50), part(51, 100, "open")).lanes[0].blocks
    assert (left.x, left.width, left.kind) == (0, 50, "closed")
    assert (right.x, right.width, right.kind) == (50, 50, "open")


def test_one_index() -> None:
    (block,) = draw(part(7, 7)).lanes[0].blocks
    assert (block.x, block.width) == (0, 100)
    assert draw(part(7, 7)).ticks == [(50.0, "7")]


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


def test_what_no_zoom_would_tell_apart_merges() -> None:
    """1000 segments over the plot: 0.1 % each, below 0.15 %."""
    parts = [part(start, start + 9) for start in range(1, 10_001, 10)]
    (block,) = draw(*parts).lanes[0].blocks
    assert (block.first, block.last, block.count, block.x, block.width) == (1, 10_000, 1000, 0, 100)
    assert block.title == "1000 closed segments: indexes 1 to 10000"


def test_what_a_zoom_would_tell_apart_does_not() -> None:
    """500 segments over the plot: 0.2 % each. In a crowd of nodes nobody zooms so far: they are one there."""
    parts = [part(start, start + 9) for start in range(1, 5001, 10)]
    assert len(draw(*parts).lanes[0].blocks) == 500
    crowd = picture_of(cluster(*(node(f"n{number}", str(number), log=log(*parts)) for number in range(1, 10))))
    assert crowd is not None
    assert crowd.lanes == []
    assert [len(lane.blocks) for lane in crowd.others] == [1] * 9


def test_a_wide_segment_stays_apart_from_narrow_ones() -> None:
    parts = [part(1, 5000), *(part(start, start + 1) for start in range(5001, 5101, 2))]
    wide, narrow = draw(*parts).lanes[0].blocks
    assert (wide.first, wide.last, wide.count) == (1, 5000, 1)
    assert (narrow.first, narrow.last, narrow.count) == (5001, 5100, 50)


@pytest.mark.parametrize("last", [1, 2, 9, 10, 99, 12345, 10**9, 2**64 - 1])
def test_everything_stays_inside_the_plot(last: int) -> None:
    picture = draw(part(1, last), part(None, None, "open"), snapshots=(1, last), terms=[(1, last, 3)])
    lane = picture.lanes[0]
    places = [*lane.blocks, *lane.terms, *lane.marks]
    assert all(block.x >= 0 and block.x + block.width <= 100.02 for block in places)
    assert all(0 <= x <= 100 for x, _ in picture.ticks)
    assert len(picture.ticks) <= 8


def test_many_terms_in_little_space_become_one_band() -> None:
    """2000 terms over the plot: 0.05 % each; three of them are no longer below 0.15 %. 2000 = 666 * 3 + 2: the last
    band has the two that are left.
    """
    terms = [(index, index, index) for index in range(1, 2001)]
    bands = draw(part(1, 2000), terms=terms).lanes[0].terms
    assert [band.last - band.first + 1 for band in bands] == [3] * 666 + [2]
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
    assert [(lane.name, lane.note) for lane in picture.lanes] == [("n1", "1–2"), ("10.0.0.3:9000", "no evidence")]


def test_a_mark_leads_to_the_worst_finding_about_its_file_or_its_indexes() -> None:
    """Findings count from 1, worst first; the third is about another node's indexes 11 to 20."""
    found = [
        finding(evidence=[{"path": "n1/b", "offset": 8, "length": 8}], nodes=("n1",)),
        finding(evidence=[{"path": "n1/b", "offset": 0, "length": 0}], nodes=("n1",)),
        finding(evidence=(), nodes=("n2",), where=("11", "20")),
        finding(evidence=(), nodes=("n1",), where=("11", "20")),
    ]
    parts = part(1, 10, path="n1/a"), part(21, 40, entries=5, damaged=True, path="n1/b")
    picture = picture_of(cluster(node("n1", "1", log=log(*parts))), found)
    assert picture is not None
    assert [(block.kind, block.first, block.to) for block in picture.lanes[0].blocks] == [
        ("closed", 1, ""), ("closed", 21, ""), ("gap", 11, "f4"), ("damage", 26, "f1"),
    ]  # fmt: skip
    assert [block.kind for block in picture.lanes[0].told] == ["gap", "damage"]


def test_what_all_nodes_have_in_common() -> None:
    """Indexes 1 to 100: index 50 is in the middle of its per cent, at 49.5."""
    timeline = {
        "terms": [{"term": 3, "firstIndex": 1, "lastIndex": 100, "leader": "1"}],
        "restarts": [{"node": "n1", "firstIndex": 91, "lastIndex": 100, "segments": 10}],
        "files": [], "boots": [],
    }  # fmt: skip
    change = {"index": 50, "term": 3, "change": "n9 joins", "servers": []}
    drawn = picture_of(
        cluster(node("n1", "1", log=log(part(1, 100))), timeline=timeline, membership=[change, change | {"index": 500}])
    )
    assert drawn is not None
    assert [(band.label, band.to) for band in drawn.whole.terms] == [("term 3, n1", "history-1")]
    assert [(mark.kind, mark.x, mark.to) for mark in drawn.whole.marks] == [("membership", 49.5, "membership-1")]
    restarts = drawn.lanes[0].blocks[-1]
    assert (restarts.kind, restarts.x, restarts.width) == ("restarts", 90, 10)


def test_what_files_date() -> None:
    """From 10:00:00 to 10:00:09, ten seconds on the plot: each a tenth, and its mark in the middle."""
    files = [
        {"time": f"2026-11-23T10:00:0{second}Z", "node": "n1", "what": "written", "path": "a"} for second in (0, 9)
    ]
    boots = [{"node": "n2", "time": None}, {"node": "n2", "time": "2026-11-23T10:00:05Z"}]
    drawn = time_picture_of(
        cluster(node("n1", "1"), timeline={"terms": [], "restarts": [], "files": files, "boots": boots})
    )
    assert drawn is not None
    marks = {lane.name: [(mark.kind, mark.x, mark.to) for mark in lane.marks] for lane in drawn.lanes}
    assert marks["n1"] == [("file", 5, "time-1-1"), ("file", 95, "time-1-2")]
    assert marks["n2"] == [("boot", 55, "")]
    assert drawn.ticks[:2] == [(5, "2026-11-23 10:00:00"), (35, "10:00:03")]
    assert time_picture_of(cluster(node("n1", "1"))) is None
