"""Rows of a log: order, indexes, what is opened, and what is said of damage."""

from __future__ import annotations

import pytest

from forensics.evidence import BytesBlob
from forensics.facts.log.stream import Note, Range, Row, Trust, stream
from forensics.ingest.state_directory import StateDirectory
from forensics.parsers.command import Undo
from forensics.parsers.segment import EntryType
from tests.raft_bytes import Made, segment, state_directory

EVERYTHING = Range()


def log(size: int, term: int = 1) -> bytes:
    return segment([[Made(term)]] * size)


def indexes(state: StateDirectory, wanted: Range = EVERYTHING) -> list[int | None]:
    return [item.index for item in stream(state, wanted) if isinstance(item, Row)]


def notes(state: StateDirectory, wanted: Range = EVERYTHING) -> list[str]:
    return [item.kind for item in stream(state, wanted) if isinstance(item, Note)]


def name(first: int, last: int) -> str:
    return f"{first:016}-{last:016}"


def test_closed_then_open_in_index_order() -> None:
    state = state_directory({name(4, 5): log(2), name(1, 3): log(3), "open-2": log(1), "open-1": log(2)})
    assert indexes(state) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert not notes(state)
    first = next(stream(state))
    assert isinstance(first, Row)
    assert (first.content, first.trust) == (Undo(7), Trust.WHOLE)


def test_open_segments_follow_the_newest_snapshot_that_has_both_files() -> None:
    state = state_directory(
        {"snapshot-1-40-9": b"x", "snapshot-1-40-9.meta": b"x", "snapshot-1-90-9": b"x", "open-1": log(2)}
    )
    assert indexes(state) == [41, 42]


def test_a_range_and_types() -> None:
    made = segment([[Made(), Made(type=2, payload=bytes(8))], [Made(), Made()]])
    state = state_directory({name(1, 4): made, name(5, 8): made})
    assert indexes(state, Range(3, 6)) == [3, 4, 5, 6]
    assert indexes(state, Range(types=frozenset({EntryType.BARRIER}))) == [2, 6]


def test_segments_outside_the_range_are_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    state = state_directory({name(1, 3): log(3), name(4, 5): log(2), name(6, 7): log(2), "open-1": log(1)})
    opened: list[str] = []
    read = BytesBlob.read

    def spying(blob: BytesBlob, offset: int = 0, length: int | None = None) -> bytes:
        opened.append(blob.path)
        return read(blob, offset, length)

    monkeypatch.setattr(BytesBlob, "read", spying)
    assert indexes(state, Range(4, 5)) == [4, 5]
    assert opened == [f"n1/{name(4, 5)}"]


def test_gaps_overlaps_and_missing_contents_are_noted() -> None:
    state = state_directory({name(1, 3): log(3), name(6, 7): log(2), name(7, 8): None, "open-1": log(1)})
    assert notes(state) == ["gap", "overlap", "unread"]
    assert indexes(state) == [1, 2, 3, 6, 7, 9]
    assert notes(state, Range(1, 3)) == []
    assert notes(state, Range(5, 5)) == ["gap"]


def test_damage_shows_its_suspects_and_what_lies_behind() -> None:
    data = bytearray(log(4))
    data[8 + 48 + 40] ^= 0xFF  # in the payload of the second entry
    state = state_directory({name(1, 4): bytes(data)})
    rows = [item for item in stream(state) if isinstance(item, Row)]
    assert [(row.index, row.trust) for row in rows] == [
        (1, Trust.WHOLE),
        (2, Trust.HEADER_ONLY),
        (3, Trust.SALVAGED),
        (4, Trust.SALVAGED),
    ]
    assert rows[1].content is None
    assert notes(state) == ["damage"]


def test_behind_a_bad_header_of_an_open_segment_indexes_are_unknown() -> None:
    data = bytearray(log(3))
    data[8 + 48 + 16] ^= 0xFF
    state = state_directory({"open-1": bytes(data), "open-2": log(1)})
    rows = [item for item in stream(state) if isinstance(item, Row)]
    assert [(row.index, row.trust) for row in rows] == [
        (1, Trust.WHOLE),
        (None, Trust.UNPLACED),
        (None, Trust.UNPLACED),
    ]
    assert indexes(state, Range(1000)) == [None, None]


def test_fewer_entries_than_the_name_promises() -> None:
    assert notes(state_directory({name(1, 4): log(3)})) == ["damage"]
    assert notes(state_directory({name(1, 3): log(3) + bytes(4096)})) == ["damage"]
