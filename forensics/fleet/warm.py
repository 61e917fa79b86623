"""The parent's side of children: a child serves one case after the other, and one that failed serves no more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from threading import Lock
from typing import Final

import msgspec

from forensics.fleet.child import Request
from forensics.fleet.frames import ClosedError, LateError, receive, send
from forensics.fleet.model import Made, Settings, State

CASES_MAX: Final = 500  # of one child: what a library may lose in each of them stays bounded
PEAK_SHARE_MAX: Final = 0.5  # of the limit of memory: a child that a large case blew up makes room


class Child:
    """One child process. It is ended by `close`, or with this process."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self.command = command
        self.served = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            (sys.executable, *command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C on the terminal is the parent's alone
        )

    def judge(self, paths: tuple[str, ...], settings: Settings) -> Made:
        """One case. Whatever the child does, this comes back soon after the deadline."""
        assert self._process.stdin is not None  # noqa: S101 - pipes, as asked for
        assert self._process.stdout is not None  # noqa: S101 - as above
        self.served += 1
        with tempfile.TemporaryDirectory(prefix="dqlite-forensics-", ignore_cleanup_errors=True) as spool:
            try:
                send(self._process.stdin.fileno(), Request(tuple(map(os.fsencode, paths)), settings, spool))
                return receive(self._process.stdout.fileno(), Made, settings.deadline)
            except LateError:
                self.close()
                return Made(State.TIMEOUT, f"not finished after {settings.deadline:g} seconds")
            except (ClosedError, OSError, msgspec.MsgspecError):
                return Made(State.CRASHED, self._end())

    def is_good_for_another(self, last: Made, settings: Settings) -> bool:
        """It neither failed nor grew too much, nor served too often."""
        finished = last.state in (State.OK, State.REFUSED)
        return finished and self.served < CASES_MAX and last.peak < settings.memory * PEAK_SHARE_MAX

    def close(self) -> None:
        """End it, whatever it does."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _end(self) -> str:
        """What it died of, in words."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        code = self._process.poll()
        self.close()
        if code is None:
            return "the process that judged it answered with something else"
        if code < 0:
            return f"the process that judged it was ended by {_signal_name(-code)}"
        return f"the process that judged it ended with code {code}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


class StoppedError(Exception):
    """The run was stopped: a child that was ended by that says nothing of its case."""


class Pool:
    """Children that wait for work: as many as were ever needed at once.

    Attributes:
        stopped: all were ended, and no case is judged any more.
    """

    def __init__(self) -> None:
        self.stopped = False
        self._lock = Lock()
        self._idle: list[Child] = []
        self._busy: set[Child] = set()

    def judge(self, paths: tuple[str, ...], settings: Settings, *, fresh: bool = False) -> Made:
        """One case, by a child that waits for work, or a new one; `fresh`: by one that has served none.

        Raises StoppedError where the pool is stopped, before or meanwhile.
        """
        child = self._taken(settings.child, fresh=fresh)
        good = False
        try:
            made = child.judge(paths, settings)
            good = child.is_good_for_another(made, settings)
        finally:
            self._give_back(child, good=good)
        if self.stopped:
            raise StoppedError
        return made

    def open(self) -> None:
        """Cases are judged from now on."""
        self.stopped = False

    def close(self) -> None:
        """End all of them, also those that work."""
        with self._lock:
            self.stopped = True
            all_of_them = {*self._idle, *self._busy}
            self._idle.clear()
        for child in all_of_them:
            child.close()

    def _taken(self, command: tuple[str, ...], *, fresh: bool) -> Child:
        with self._lock:
            if self.stopped:
                raise StoppedError
            fitting = [] if fresh else [child for child in self._idle if child.command == command]
            if fitting:
                self._idle.remove(fitting[-1])
                self._busy.add(fitting[-1])
                return fitting[-1]
        child = Child(command)
        with self._lock:
            self._busy.add(child)
            stopped = self.stopped
        if stopped:
            self._give_back(child, good=False)
            raise StoppedError
        return child

    def _give_back(self, child: Child, *, good: bool) -> None:
        """In one step: whoever takes a child that waits has it alone."""
        with self._lock:
            self._busy.discard(child)
            kept = good and not self.stopped
            if kept:
                self._idle.append(child)
        if not kept:
            child.close()


POOL: Final = Pool()
"""This process's children: one pool, whatever thread of a worker asks."""
