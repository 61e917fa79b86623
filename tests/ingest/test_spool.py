"""The private spool: contents come back as they went in, hashed on the way, and running out of space is told."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest

from forensics.budget import Budget
from forensics.errors import UnreadableError
from forensics.ingest.spool import Spool, SpoolFullError
from forensics.limits import KIB, MIB, SPOOL_FRAME_BYTES


def put(spool: Spool, path: str, *pieces: bytes) -> bytes:
    spool.begin()
    for piece in pieces:
        spool.write(piece)
    blob = spool.blob(path)
    buffer = bytearray(blob.size)
    assert blob.readinto(memoryview(buffer)) == blob.size
    assert blob.read() == bytes(buffer)
    assert blob.hashed == hashlib.sha256(buffer).hexdigest()
    return bytes(buffer)


def test_contents_come_back_in_any_order() -> None:
    with Spool() as spool:
        spool.begin()
        spool.write(b"a" * 3_000_000)
        spool.write(b"b" * 5)
        first = spool.blob("first")
        assert put(spool, "second", b"c") == b"c"
        assert put(spool, "empty") == b""
        assert first.read(2_999_999) == b"a" + b"b" * 5
        assert first.read(2_999_999, 2) == b"ab"


def test_a_content_of_many_frames_is_read_from_anywhere() -> None:
    """Three frames and a rest, more than stays in memory; each 4 KiB say where they lie."""
    count = (3 * SPOOL_FRAME_BYTES + 5 * KIB) // (4 * KIB)
    whole = b"".join(number.to_bytes(4, "big") * KIB for number in range(count))
    with Spool() as spool:
        spool.begin()
        for at in range(0, len(whole), 100_000):
            spool.write(whole[at : at + 100_000])
        blob = spool.blob("whole")
        assert put(spool, "next", b"ok") == b"ok"
        assert blob.size == len(whole)
        for at in (0, len(whole) - 3, SPOOL_FRAME_BYTES - 2, 1, 2 * SPOOL_FRAME_BYTES + 77_777):
            assert blob.read(at, 100_000) == whole[at : at + 100_000]
        assert (
            blob.read(SPOOL_FRAME_BYTES // 2, 2 * SPOOL_FRAME_BYTES)
            == whole[SPOOL_FRAME_BYTES // 2 :][: 2 * SPOOL_FRAME_BYTES]
        )
        assert blob.read(len(whole) + 9, 4) == b""
        assert b"".join(blob.chunks()) == whole


def test_what_repeats_takes_little_room_once_it_is_packed() -> None:
    """Two contents may be on their way; the budget counts those as they came, the others as they lie there."""
    budget = Budget({"SPOOL_BYTES_MAX": 4 * MIB})
    with Spool(budget) as spool:
        for number in range(12):  # 12 MiB
            spool.begin(MIB)
            spool.write(number.to_bytes(4, "big") * (MIB // 4))
            spool.blob(str(number))
        assert 2 * MIB <= budget.taken["SPOOL_BYTES_MAX"] <= budget.most["SPOOL_BYTES_MAX"] <= 4 * MIB
        spool.rest()
        assert 0 < budget.taken["SPOOL_BYTES_MAX"] < 12 * 4 * KIB
        assert put(spool, "more", b"ok") == b"ok"
    assert budget.taken["SPOOL_BYTES_MAX"] == 0


def test_a_spool_that_another_hand_wrote_into_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = (tmp_path / "spool").open("w+b")
    monkeypatch.setattr("forensics.ingest.spool.tempfile.TemporaryFile", lambda **_: opened)
    with Spool() as spool:
        spool.begin()
        for _ in range(4):
            spool.write(bytes(SPOOL_FRAME_BYTES))
        blob = spool.blob("zeros")
        spool.rest()
        os.pwrite(opened.fileno(), b"no frame of zstd", 0)
        with pytest.raises(UnreadableError, match="private temporary space"):
            blob.read(0, 1)


def test_a_member_that_was_given_up_does_not_leak_into_the_next() -> None:
    with Spool(Budget({"SPOOL_BYTES_MAX": 10})) as spool:
        spool.begin()
        spool.write(b"given up")
        with pytest.raises(SpoolFullError):
            spool.write(b"too much")
        assert put(spool, "next", b"ok") == b"ok"


def test_a_full_disk_is_an_error_and_not_a_short_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with Spool() as spool:
        monkeypatch.setattr("forensics.ingest.spool.os.pwrite", full)
        spool.begin()
        spool.write(b"lost")
        blob = spool.blob("lost")
        with pytest.raises(UnreadableError, match="No space left"):
            blob.read()
        with pytest.raises(UnreadableError):
            _ = blob.hashed


def test_closing_without_reading_ends_the_writer() -> None:
    spool = Spool()
    spool.begin()
    for _ in range(100):
        spool.write(bytes(1_000_000))
    spool.close()
