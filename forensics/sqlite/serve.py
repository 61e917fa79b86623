"""The process that SQLite runs in: requests come in, answers go out, and nobody misses it when it is ended.

`python -m forensics.sqlite.serve LIFE`: a frame is its length in eight bytes and a value in msgpack. LIFE is the number
of a pipe that closes when the asking process ends, however it ends. A request is how many steps it may take, the verb
and its arguments; an answer is how many it took, whether it is one, and the value, or the error's text and
QueryError.damage.
"""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import Any, BinaryIO, Final

import msgspec

from forensics.limits import SQL_HEAP_BYTES_MAX, SQL_PROCESS_BYTES_MAX
from forensics.sqlite.engine import Engine, Steps
from forensics.sqlite.fewer_rows import fewer_rows, rows_of
from forensics.sqlite.query_error import QueryError
from forensics.sqlite.quick_check import quick_check

LENGTH: Final = struct.Struct("<Q")


class _Served:
    """What is open, by number.

    Attributes:
        steps: of the last request.
    """

    def __init__(self) -> None:
        self.steps = Steps()
        self._engines: dict[int, Engine] = {}
        self._cursors: dict[int, tuple[int, sqlite3.Cursor]] = {}
        self._verbs: dict[str, Callable[..., Any]] = {
            "open": self._open,
            "query": self._query,
            "fetch": self._fetch,
            "close": self._close,
            "quick_check": partial(quick_check, steps=self.steps),
            "rows_of": partial(rows_of, steps=self.steps),
            "fewer_rows": partial(fewer_rows, steps=self.steps),
        }
        self._last = 0

    def answer(self, allowed: int, verb: str, arguments: list[Any]) -> Any:
        """One request."""
        self.steps.taken, self.steps.allowed = 0, allowed
        return self._verbs[verb](*arguments)

    def _open(self, name: str, image: bytes | str) -> int:
        """Number of the image."""
        self._last += 1
        self._engines[self._last] = Engine(name, image, self.steps)
        return self._last

    def _query(self, number: int, sql: str, values: list[Any], seconds: float) -> tuple[int, list[str]]:
        """Number of the rows to come, and the columns."""
        cursor = self._engines[number].execute(sql, tuple(values), seconds)
        self._last += 1
        self._cursors[self._last] = (number, cursor)
        return self._last, [name for name, *_ in cursor.description or ()]

    def _fetch(self, number: int, left: float, seconds: float) -> list[tuple[Any, ...]]:
        """The next rows; none at the end."""
        owner, cursor = self._cursors[number]
        rows = self._engines[owner].rows(cursor, left, seconds)
        if not rows:
            del self._cursors[number]
        return rows

    def _close(self, number: int) -> None:
        """Give an image back."""
        self._cursors = {key: row for key, row in self._cursors.items() if row[0] != number}
        self._engines.pop(number).close()


def write(file: BinaryIO, value: Any) -> None:
    """One frame."""
    data = msgspec.msgpack.encode(value)
    file.write(LENGTH.pack(len(data)) + data)
    file.flush()


def main() -> None:
    """Answer until nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks: it ends this one
    _bound_memory()
    Thread(target=_end_with, args=(int(sys.argv[1]),), daemon=True).start()
    served, asked, answers = _Served(), sys.stdin.buffer, sys.stdout.buffer
    while head := asked.read(LENGTH.size):
        allowed, verb, *arguments = msgspec.msgpack.decode(asked.read(LENGTH.unpack(head)[0]))
        try:
            said: tuple[Any, ...] = (True, served.answer(allowed, verb, arguments))
        except QueryError as error:
            said = (False, str(error), error.damage)
        except MemoryError:
            said = (False, f"the query needs more than {SQL_HEAP_BYTES_MAX} bytes of memory", False)
        write(answers, (served.steps.taken, *said))


def _bound_memory() -> None:
    """A bound that is lower already stays, but for those of the process that asks.

    `fleet` sets these anew for each case, and this process serves many: it would end in the middle of a later one.
    """
    for which in (resource.RLIMIT_DATA, resource.RLIMIT_CPU):
        _bound(which, resource.getrlimit(which)[1])
    allowed = resource.getrlimit(resource.RLIMIT_AS)[1]
    _bound(
        resource.RLIMIT_AS,
        SQL_PROCESS_BYTES_MAX if allowed == resource.RLIM_INFINITY else min(allowed, SQL_PROCESS_BYTES_MAX),
    )


def _bound(which: int, most: int) -> None:
    with suppress(ValueError, OSError):  # macOS has some bounds by name only; SQLite's own one of memory holds there
        resource.setrlimit(which, (most, most))


def _end_with(life: int) -> None:
    os.read(life, 1)
    os.kill(os.getpid(), signal.SIGKILL)  # whatever SQLite is doing: nobody waits for the answer


if __name__ == "__main__":
    main()
