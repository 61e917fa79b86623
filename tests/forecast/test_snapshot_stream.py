"""A snapshot's content, piece by piece: the same bytes whatever the pieces, in time that grows with them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from random import Random
from typing import Any, cast

from forensics.forecast.snapshot_stream import Stream
from forensics.limits import MIB
from tests.chance import chance


class _Run:
    undefined: Any = None


def _stream(content: bytes, piece: int) -> Stream:
    pieces: Iterator[bytes] = (content[at : at + piece] for at in range(0, len(content), piece))
    return Stream(cast(Any, _Run()), pieces, len(content))


def test_pieces_of_any_size_give_the_same_bytes() -> None:
    random = Random(chance())  # noqa: S311 - no secret
    content = random.randbytes(1000)
    for piece in (1, 3, 7, 64, 999, 1000, 5000):
        stream, at = _stream(content, piece), 0
        while at < len(content) - 100:
            count = random.randrange(50)
            if random.random() < 0.3:
                stream.skip(count)
            else:
                assert stream.peek(count) == content[at : at + count]
                assert stream.take(count) == content[at : at + count]
            at += count
        assert stream.left == len(content) - at
        assert stream.peek(1000) == content[at:].ljust(1000, b"\0")


def test_nothing_is_copied_again_with_each_piece() -> None:
    size = 64 * MIB
    start = time.process_time()
    stream = _stream(bytes(size), 64 * 1024)
    assert len(stream.take(size - 8)) == size - 8  # 17 s before
    stream = _stream(bytes(size), size)
    for _ in range(200):
        assert stream.word() == 0  # 7 s before
    assert time.process_time() - start < 5.0
