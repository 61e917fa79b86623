"""A snapshot's content as the state machine's decoder walks over it."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.forecast.reasons import Accident, AccidentKind, Undefined
from forensics.forecast.simulation import Crashed, Run

U64 = (1 << 64) - 1
PARSE = 1005  # DQLITE_PARSE


class Stream:
    """Bytes in order, and the decoder's own idea of how many are left.

    That idea (`cap`) is wrong after the first database: page data is passed over without being subtracted (dqlite
    src/fsm.c, decodeDatabase). So the library may read behind the end; what then happens is undefined.
    """

    def __init__(self, run: Run, pieces: Iterator[bytes], size: int) -> None:
        self._run = run
        self._pieces = pieces
        self._held = b""
        self._at = 0  # in what is held: cutting off its beginning would copy the rest with each number
        self._skipped = 0  # bytes passed over that were not read yet: behind the last database they are not needed
        self.left = size
        self.cap = size

    def peek(self, count: int) -> bytes:
        """The next bytes without passing over them; zeros where the stream has ended."""
        self._catch_up()
        held = [self._held[self._at :]] if len(self._held) - self._at < count else []
        missing = count - sum(map(len, held))
        while held and missing > 0 and (piece := next(self._pieces, None)) is not None:
            held.append(piece)
            missing -= len(piece)
        if held:  # joined once: what is large comes in many pieces
            self._held, self._at = b"".join(held), 0
        found = self._held[self._at : self._at + count]
        if len(found) < count:
            self._run.undefined = Undefined.SNAPSHOT_SIZE
        return found.ljust(count, b"\0")

    def take(self, count: int) -> bytes:
        """Page data: passed over, never subtracted from `cap`."""
        self._check(count)
        data = self.peek(count)
        self._pass(count)
        return data

    def skip(self, count: int) -> None:
        """As take, without keeping the bytes."""
        self._check(count)
        self.left -= count
        self._skipped += count

    def word(self) -> int | None:
        """A 64-bit number; None where `cap` says that there is none."""
        if self.cap < 8:
            return None
        value = int.from_bytes(self.peek(8), "little")
        self._advance(8)
        return value

    def text(self) -> bytes | None:
        """A NUL-terminated text, padded to a multiple of 8; None where no NUL is left."""
        size = 64
        while (end := self.peek(min(size, self.left)).find(b"\0")) < 0:
            if size >= min(self.left, self.cap):
                if self.cap > self.left:
                    self._run.undefined = Undefined.SNAPSHOT_SIZE
                return None
            size *= 8
        if end >= self.cap:
            return None
        found = self.peek(end)
        self._advance(end + 8 - end % 8)
        return found

    def _advance(self, count: int) -> None:
        self.cap = (self.cap - count) & U64
        self._pass(min(count, self.left))

    def _pass(self, count: int) -> None:
        self._catch_up()
        self._at = min(self._at + count, len(self._held))
        self.left -= count

    def _catch_up(self) -> None:
        while self._skipped > len(self._held) - self._at:
            self._skipped -= len(self._held) - self._at
            self._held, self._at = next(self._pieces), 0
        self._at, self._skipped = self._at + self._skipped, 0

    def _check(self, count: int) -> None:
        if count > self.left:
            self._run.undefined = Undefined.SNAPSHOT_SIZE
            raise Crashed(Accident(AccidentKind.SNAPSHOT_TOO_SHORT))


def number(run: Run, value: int | None, code: int = PARSE) -> int:
    """A decoded number, or the failure of the decoder."""
    if value is None:
        raise run.fail(code)
    return value
