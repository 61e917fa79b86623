"""Segments of any shape: the hot path reads what the layouts wrote, and never takes damage for entries."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.parsers.segment import BENIGN, StopReason
from forensics.parsers.segment_walk import parse_segment
from tests.raft_bytes import Made, segment

ENTRIES = st.builds(
    Made,
    term=st.integers(0, 2**64 - 1),
    type=st.integers(1, 3),
    payload=st.integers(0, 6).flatmap(lambda words: st.binary(min_size=8 * words, max_size=8 * words)),
)
BATCHES = st.lists(st.lists(ENTRIES, min_size=1, max_size=5), min_size=1, max_size=6)


@given(BATCHES, st.integers(0, 9000), st.sampled_from([1, 2]))
def test_reads_what_was_written(batches: list[list[Made]], zeros: int, disk_format: int) -> None:
    data = segment(batches, disk_format, zeros)
    read = parse_segment(data, "s")
    written = [entry for entries in batches for entry in entries]
    assert list(read.terms) == [entry.term for entry in written]
    assert list(read.types) == [entry.type for entry in written]
    assert [data[o : o + s] for o, s in zip(read.offsets, read.sizes, strict=True)] == [e.payload for e in written]
    assert len(read.batches) == len(batches)
    if zeros >= 16 or zeros == 0:  # fewer are no room for a preamble: raft, too, reads on and meets the end
        assert read.stop.reason is (StopReason.ZEROS if zeros else StopReason.END)
    assert read.good_end == len(data) - zeros


@given(BATCHES, st.data())
def test_a_cut_keeps_whole_batches_only(batches: list[list[Made]], draw: st.DataObject) -> None:
    data = segment(batches)
    whole = parse_segment(data, "s")
    size = draw.draw(st.integers(0, len(data) - 1))
    read = parse_segment(data[:size], "s")
    ends = [*list(whole.batches)[1:], whole.good_end]
    kept = sum(end <= size for end in ends)
    assert list(read.batches) == list(whole.batches)[:kept]
    assert list(read.terms) == list(whole.terms)[: len(read)]
    assert read.stop.reason is StopReason.END or read.damaged


@settings(max_examples=300)
@given(BATCHES, st.integers(0, 4096), st.data())
def test_a_flip_never_changes_an_entry_unnoticed(batches: list[list[Made]], zeros: int, draw: st.DataObject) -> None:
    data = segment(batches, zeros=zeros)
    whole = parse_segment(data, "s")
    at = draw.draw(st.integers(0, len(data) - 1))
    flipped = data[:at] + bytes([data[at] ^ 1 << draw.draw(st.integers(0, 7))]) + data[at + 1 :]
    read = parse_segment(flipped, "s")
    assert read.stop.reason not in BENIGN
    before = [entry for entry in whole.entries(1) if entry.offset + entry.size <= at]
    assert list(read.entries(1)) == before[: len(read)]


@given(st.binary(max_size=300))
def test_any_bytes_are_answered(data: bytes) -> None:
    """Behind a good format word, too: that is where reading starts."""
    for content in (data, (1).to_bytes(8, "little") + data, (2).to_bytes(8, "little") + data):
        read = parse_segment(content, "s")
        assert 0 <= read.stop.offset <= len(content)
        assert read.stop_span().offset + read.stop_span().length <= len(content)


@given(BATCHES)
def test_header_spans_hold_term_and_size(batches: list[list[Made]]) -> None:
    for disk_format in (1, 2):
        data = segment(batches, disk_format)
        read = parse_segment(data, "s")
        for position, entry in enumerate(read.entries(1)):
            span = read.header_span(position)
            raw = data[span.offset : span.offset + span.length]
            assert int.from_bytes(raw[:8], "little") == entry.term
            assert int.from_bytes(raw[12:16], "little") == entry.size
