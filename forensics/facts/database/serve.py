"""The process that SQLite runs in: requests come in, answers go out, and nobody misses it when it is ended.

`python -m forensics.facts.database.serve LIFE`: a frame is its length in eight bytes and a value in msgpack. LIFE is
the number of a pipe that closes when the asking process ends, however it ends.
"""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import struct
import sys
from collections.abc import Callable
from threading import Thread
from typing import Any, BinaryIO, Final

import msgspec

from forensics.facts.database.engine import Engine
from forensics.facts.database.query_error import QueryError
from forensics.limits import SQL_HEAP_BYTES_MAX, SQL_PROCESS_BYTES_MAX

LENGTH: Final = struct.Struct("<Q")


class _Served:
    """What is open, by number."""

    def __init__(self) -> None:
        self._engines: dict[int, Engine] = {}
        self._cursors: dict[int, tuple[int, sqlite3.Cursor]] = {}
        self._verbs: dict[str, Callable[..., Any]] = {
            "open": self._open,
            "query": self._query,
            "fetch": self._fetch,
            "close": self._close,
        }
        self._last = 0

    def answer(self, verb: str, arguments: list[Any]) -> Any:
        """One request."""
        return self._verbs[verb](*arguments)

    def _open(self, name: str, image: bytes | str) -> int:
        """Number of the image."""
        self._last += 1
        self._engines[self._last] = Engine(name, image)
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
        verb, *arguments = msgspec.msgpack.decode(asked.read(LENGTH.unpack(head)[0]))
        try:
            write(answers, (True, served.answer(verb, arguments)))
        except QueryError as error:
            write(answers, (False, str(error), error.damage))
        except MemoryError:
            write(answers, (False, f"the query needs more than {SQL_HEAP_BYTES_MAX} bytes of memory", False))


def _bound_memory() -> None:
    """A bound that is lower already stays."""
    allowed = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = SQL_PROCESS_BYTES_MAX if allowed == resource.RLIM_INFINITY else min(allowed, SQL_PROCESS_BYTES_MAX)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _end_with(life: int) -> None:
    os.read(life, 1)
    os.kill(os.getpid(), signal.SIGKILL)  # whatever SQLite is doing: nobody waits for the answer


if __name__ == "__main__":
    main()
