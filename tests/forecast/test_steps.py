"""Single steps of the procedure, where the expected value can be worked out by hand."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from bench.agreement.corpus import load_bases
from bench.agreement.xxh32 import xxh32
from forensics.crc import crc32
from forensics.errors import UsageError
from forensics.evidence import BytesBlob
from forensics.forecast.directory_list import merge_sort
from forensics.forecast.errmsg import ErrorMessage
from forensics.forecast.files import Change, StateFile
from forensics.forecast.losses import BadBatch, LossCause, Renumbered
from forensics.forecast.model import Forecast, forecast
from forensics.forecast.versions import library
from forensics.parsers.segment import StopReason


def test_message_wraps_and_is_cut_at_255_bytes() -> None:
    message = ErrorMessage()
    message.set("x" * 300)
    assert str(message) == "x" * 255
    message.wrap("load")
    assert str(message) == "load: " + "x" * 249
    message.wrap("y" * 253)  # no room for a separator and one more byte: the prefix alone stays
    assert str(message) == "y" * 253


def test_merge_sort_asks_like_glibc() -> None:
    """Three items: the half of one item comes first, so the last two meet before the first is asked about."""
    asked: list[tuple[int, int]] = []

    def compare(one: int, two: int) -> int:
        asked.append((one, two))
        return one - two

    assert merge_sort([3, 2, 1], compare) == [1, 2, 3]
    assert asked == [(2, 1), (3, 1), (3, 2)]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("1.11", "1.11"),
        ("1.11.1", "1.11"),
        ("1.15.1", "1.15"),
        ("1.16.7", "1.17"),
        ("1.17.1", "1.17"),
        ("1.18.1", "1.17"),
        ("1.18.2", "1.18.2"),
        ("1.18.3-fixed", "1.18"),
        ("v1.18.6", "1.18"),
        ("1.18", "1.18"),
        ("main", "main"),
    ],
)
def test_versions_have_a_model(wanted: str, name: str) -> None:
    assert library(wanted).name == name


@pytest.mark.parametrize("wanted", ["", "new", "1", "1.9.0", "1.18.7", "1.19", "2", "9.9", "1.18.99999", "master"])
def test_other_versions_are_refused(wanted: str) -> None:
    with pytest.raises(UsageError, match=r"known: 1\.11, 1\.15, .*, main, and every release from 1\.11\.0 to 1\.18\.6"):
        library(wanted)


def test_xxh32_of_known_inputs() -> None:
    """Values of the xxHash specification's reference tool for seed 0."""
    assert xxh32(b"") == 0x02CC5D05
    assert xxh32(b"a") == 0x550D7456
    assert xxh32(b"abc") == 0x32D153FF


def _batch(*payloads: bytes) -> bytes:
    header = struct.pack("<Q", len(payloads))
    header += b"".join(struct.pack("<QB3xI", 1, 1, len(payload)) for payload in payloads)
    body = b"".join(payloads)
    return struct.pack("<II", crc32(header), crc32(body)) + header + body


def _flip(batch: bytes) -> bytes:
    """The same batch with one bit of its data changed."""
    return batch[:-1] + bytes([batch[-1] ^ 1])


def _forecast(state: dict[str, bytes], version: str = "1.11") -> Forecast:
    return forecast({name: StateFile(BytesBlob(name, data)) for name, data in state.items()}, library(version))


_FORMAT = struct.pack("<Q", 1)
_ONE = _batch(b"\1" * 8)


def test_a_good_directory_loses_nothing() -> None:
    got = _forecast({"open-1": _FORMAT + _ONE * 3 + bytes(100)})
    assert (got.outcome, got.lost, got.renumbered) == ("starts", (), ())
    assert got.changes == (
        Change("truncate", "open-1", size=8 + 3 * 40),
        Change("rename", "open-1", to="0000000000000001-0000000000000003"),
    )


def test_entries_after_a_damaged_batch_are_counted_while_headers_hold() -> None:
    """Batch 2 of 4 has a flipped bit in its data: entry 2 is lost, and 3 (two entries) and 5 after it."""
    got = _forecast({"open-1": _FORMAT + _ONE + _flip(_ONE) + _batch(b"\2" * 8, b"\3" * 8) + _ONE + bytes(64)})
    assert [(loss.first, loss.last) for loss in got.lost] == [(2, 5)]
    assert (got.lost[0].cause, got.lost[0].file, got.lost[0].torn) == (LossCause.CUT, "open-1", False)
    assert got.lost[0].batch == BadBatch(2, 48, StopReason.DATA_CHECKSUM)


def test_an_end_that_cannot_be_known_is_none() -> None:
    """The header itself is damaged: how long the batch was, nobody can tell."""
    damaged = bytearray(_ONE)
    damaged[8] = 9
    damaged[9] = 9
    damaged[10] = 9  # the count is now far too high
    got = _forecast({"open-1": _FORMAT + _ONE + bytes(damaged) + _ONE})
    assert [(loss.first, loss.last) for loss in got.lost] == [(2, None)]


def test_a_size_past_all_that_was_written_is_no_torn_write_before_whole_batches() -> None:
    """One flipped bit makes batch 2 of 4 reach 2 MiB far, into zeros; batches 3 and 4 stand in it all the same."""
    damaged = bytearray(_ONE)
    damaged[30] ^= 0x20  # the size of its entry, at bytes 28 to 31
    got = _forecast({"open-1": _FORMAT + _ONE + bytes(damaged) + _ONE * 2 + bytes(4 << 20)})
    assert [(loss.first, loss.torn) for loss in got.lost] == [(2, False)]


def test_a_cut_segment_shifts_the_next() -> None:
    got = _forecast({"open-1": _FORMAT + _ONE + _flip(_ONE) + bytes(64), "open-2": _FORMAT + _ONE})
    assert got.loaded is not None
    assert len(got.loaded.log) == 2
    assert [(loss.first, loss.last, loss.file) for loss in got.lost] == [(2, 2, "open-1")]
    assert got.renumbered == (Renumbered(file="open-2", cut="open-1"),)


def test_a_corrupt_last_closed_segment_is_moved_with_all_open_ones() -> None:
    first, last = "0000000000000001-0000000000000001", "0000000000000002-0000000000000003"
    state = {first: _FORMAT + _ONE, last: _FORMAT + _ONE + _flip(_ONE), "open-1": _FORMAT + _ONE * 2}
    got = _forecast(state | {"open-2": bytes(64)})
    assert got.outcome == "starts"
    assert [change.to for change in got.changes] == [f"corrupt-*-{last}", "corrupt-*-open-1", "corrupt-*-open-2"]
    assert [(loss.first, loss.last, loss.cause, loss.file) for loss in got.lost] == [
        (2, 3, LossCause.MOVED_AWAY, last),
        (4, 5, LossCause.MOVED_AWAY, "open-1"),
    ]


def test_a_gap_fails_and_changes_nothing() -> None:
    """Only damage inside a segment makes the library move files; a gap between them does not."""
    one, two = "0000000000000001-0000000000000001", "0000000000000003-0000000000000003"
    got = _forecast({one: _FORMAT + _ONE, two: _FORMAT + _ONE})
    assert (got.outcome, got.stage, got.code) == ("fails", "load", 12)
    assert got.message == f"unexpected closed segment {two}: first index should have been 2"
    assert (got.changes, got.lost, got.culprits) == ((), (), (two,))


def test_what_lies_behind_a_configuration_is_not_guessed() -> None:
    """One server is claimed, and the bytes end inside its ID: real starts of 1.18.6 failed, or came up with another.

    Main checks bounds: measured at every length, it fails with code 6 and no text (corpus 4).
    """
    state = load_bases(Path("fixtures/forecast"), 1)["p118-n2"]
    name = "snapshot-1-2048-2014432.meta"
    for length in (1, 9, 12, 16, 33, 57, 64):
        configuration = (state[name] or b"")[32 : 32 + length]
        head = (state[name] or b"")[16:24] + struct.pack("<Q", length)
        sealed = struct.pack("<QQ", 1, crc32(configuration, crc32(head))) + head + configuration
        files = {one: StateFile(BytesBlob(one, data or b"")) for one, data in (state | {name: sealed}).items()}
        for version in ("1.11", "1.18.2", "1.18.6"):
            said = forecast(files, library(version))
            assert (said.outcome, said.stage, said.undefined) == ("unknown", "load", "configuration-servers"), length
        said = forecast(files, library("main"))
        assert (said.outcome, said.code, said.message, said.undefined) == ("fails", 6, "", None), length


def test_a_format_that_is_content_is_compared_and_not_shown() -> None:
    """`password` as a little-endian number, which dqlite prints, is 0x64726f7773736170 by hand."""
    said = _forecast({"metadata1": b"password" + bytes(24)}, "1.18")
    assert int.from_bytes(b"password", "little") == 0x64726F7773736170
    assert said.message == f"decode content of metadata1: bad format version {0x64726F7773736170}"
    assert said.shown == "decode content of metadata1: bad format version [masked]"
