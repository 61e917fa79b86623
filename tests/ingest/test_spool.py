"""The private spool: contents come back as they went in, hashed on the way, and running out of space is told."""

from __future__ import annotations

import errno
import hashlib
import os

import pytest

from forensics.budget import Budget
from forensics.errors import UnreadableError
from forensics.ingest.spool import Spool, SpoolFullError


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
