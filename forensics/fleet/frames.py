"""Messages over a pipe: eight bytes of length, then msgpack."""

from __future__ import annotations

import os
import select
import time
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_LENGTH = 8


class ClosedError(Exception):
    """The other end is gone."""


class LateError(Exception):
    """Nothing whole came in time."""


def send(fd: int, message: Any) -> None:
    """Write one message. Raises OSError where the other end is gone."""
    body = msgspec.msgpack.encode(message)
    left = memoryview(len(body).to_bytes(_LENGTH, "big") + body)
    while left:
        left = left[os.write(fd, left) :]


def receive(fd: int, kind: type[T], seconds: float | None = None) -> T:
    """Read one message.

    Args:
        fd: where from.
        kind: of what type.
        seconds: how long to wait; None for ever.

    Raises:
        ClosedError: the other end is gone.
        LateError: the time is over.
        msgspec.MsgspecError: it is another type.
    """
    end = None if seconds is None else time.monotonic() + seconds
    length = int.from_bytes(_exactly(fd, _LENGTH, end), "big")
    return msgspec.msgpack.decode(_exactly(fd, length, end), type=kind)


def _exactly(fd: int, count: int, end: float | None) -> bytearray:
    got = bytearray()
    while len(got) < count:
        left = None if end is None else max(end - time.monotonic(), 0)
        if not select.select([fd], [], [], left)[0]:
            raise LateError
        piece = os.read(fd, min(count - len(got), 1 << 20))
        if not piece:
            raise ClosedError
        got += piece
    return got
