"""A process for SQLite, which can be ended: a single call of a hostile function may never return by itself."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import time
from contextlib import suppress
from threading import Lock
from typing import Any, BinaryIO, Final, cast

import msgspec

from forensics.barrier import left_out, note
from forensics.budget import Budget, of_run
from forensics.limits import IO_CHUNK_BYTES, SQL_GRACE_SECONDS
from forensics.sqlite.query_error import QueryError
from forensics.sqlite.serve import LENGTH, write

_STEPS: Final = "SQL_STEPS_MAX"
_ENDED: Final = "SQLite ended before it answered"


class Child:
    """One such process. It answers one request after the other, and is ended where it does not in time."""

    def __init__(self) -> None:
        life, self._life = os.pipe()
        paths = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, this package
            [sys.executable, "-m", "forensics.sqlite.serve", str(life)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(life,),
            env={**os.environ, "PYTHONPATH": paths},
        )
        os.close(life)
        self._lock = Lock()

    @property
    def ended(self) -> bool:
        """It will answer no more."""
        return self._process.poll() is not None

    def ask(self, *request: Any, seconds: float) -> Any:
        """The answer.

        Raises QueryError where it is one, where none comes in time or within what the run may take, and where the
        process ends.
        """
        budget = of_run()
        with self._lock:
            if self.ended:
                raise QueryError(_ENDED)
            try:
                write(cast(BinaryIO, self._process.stdin), (budget.left(_STEPS), *request))
                steps, good, *said = self._answer(time.monotonic() + seconds + SQL_GRACE_SECONDS, seconds)
            except (OSError, EOFError) as error:
                self.end()
                raise QueryError(_ENDED) from error
            except BaseException:  # Ctrl-C, too: what it is doing is of no use any more
                self.end()
                raise
        if steps and not budget.spend(_STEPS, steps):
            raise over(budget, _STEPS)
        if good:
            return said[0]
        raise QueryError(said[0], damage=said[1])

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not sent yet
                    pipe.close()
        if self._life >= 0:
            os.close(self._life)
            self._life = -1

    def _answer(self, until: float, seconds: float) -> Any:
        size = LENGTH.unpack(self._read(LENGTH.size, until, seconds))[0]
        return msgspec.msgpack.decode(self._read(size, until, seconds))

    def _read(self, size: int, until: float, seconds: float) -> bytes:
        pipe = cast(BinaryIO, self._process.stdout).fileno()
        pieces: list[bytes] = []
        with selectors.DefaultSelector() as ready:
            ready.register(pipe, selectors.EVENT_READ)
            while size > 0:
                if not ready.select(until - time.monotonic()):
                    raise QueryError(f"stopped after {seconds:g} s")
                piece = os.read(pipe, min(size, IO_CHUNK_BYTES))
                if not piece:
                    raise EOFError
                pieces.append(piece)
                size -= len(piece)
        return b"".join(pieces)


def over(budget: Budget, name: str) -> QueryError:
    """More is wanted than the run may take: the answer is not complete then."""
    note(left_out("SQLite", "the databases", budget.why(name)))
    return QueryError(budget.why(name))


_CHILDREN: list[Child] = []


def child() -> Child:
    """That of this run: started with the first database, and again after one was ended."""
    if not _CHILDREN or _CHILDREN[-1].ended:
        _CHILDREN[:] = [Child()]
    return _CHILDREN[0]
