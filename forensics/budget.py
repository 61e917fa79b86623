"""What one run may take of the machine: all inputs together, and whatever is packed inside them.

A bound of one archive multiplies with each archive inside of it. So there is one count of everything for the run, and
what comes out of an archive counts for each archive that it lies in. The clock is the last resort: what it cuts short
differs from run to run, so everything else has a count of its own that ends it before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from forensics import limits
from forensics.limits import RATIO_GRACE_BYTES

ALLOWED: Final[Mapping[str, int]] = {
    "COMPRESSION_RATIO_MAX": limits.COMPRESSION_RATIO_MAX,
    "DECOMPRESSED_BYTES_MAX": limits.DECOMPRESSED_BYTES_MAX,
    "FILES_MAX": limits.FILES_MAX,
    "INPUT_BYTES_MAX": limits.INPUT_BYTES_MAX,
    "LOG_BYTES_MAX": limits.LOG_BYTES_MAX,
    "SECONDS_MAX": limits.SECONDS_MAX,
    "SPOOL_BYTES_MAX": limits.SPOOL_BYTES_MAX,
    "SQL_ROWS_MAX": limits.SQL_ROWS_MAX,
    "SQL_STEPS_MAX": limits.SQL_STEPS_MAX,
}
"""How much of each a run may have where nobody raises it, all of it together."""

_UNCOUNTED: Final = frozenset({"COMPRESSION_RATIO_MAX", "SECONDS_MAX"})


class LimitError(Exception):
    """More is wanted than the limit that this names."""


@dataclass(slots=True, eq=False)
class Packed:
    """An input or archive that is being read.

    Attributes:
        given: its own bytes.
        unpacked: bytes that came out of it so far, and out of whatever is packed in it.
        read: of its own bytes, how many were read so far; of compressed ones alone.
    """

    given: int
    unpacked: int = 0
    read: int = 0


class Budget:
    """Counts of one run.

    Args:
        raised: other bounds than ALLOWED, by name.
        clock: seconds from some moment on.

    Attributes:
        bounds: by name.
        taken: how much of each at this moment.
        most: how much of each at any moment so far.
    """

    def __init__(self, raised: Mapping[str, int] | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.bounds = {**ALLOWED, **(raised or {})}
        self.taken = {name: 0 for name in ALLOWED if name not in _UNCOUNTED}
        self.most = dict(self.taken)
        self._reading: list[Packed] = []
        self._clock = clock
        self._start = clock()

    @property
    def seconds(self) -> float:
        """How long the run has taken so far."""
        return self._clock() - self._start

    @property
    def seconds_left(self) -> float:
        """How long it may still take."""
        return max(self.bounds["SECONDS_MAX"] - self.seconds, 0.0)

    @property
    def late(self) -> bool:
        """It takes too long."""
        return self.seconds_left == 0

    def left(self, name: str) -> int:
        """How much more there may be."""
        return self.bounds[name] - self.taken[name]

    def take(self, name: str, amount: int = 1) -> None:
        """Count so many more. Raises LimitError where they are too many, or too late; they count for nothing then."""
        if self.late:
            raise LimitError("SECONDS_MAX")
        taken = self.taken[name] + amount
        if taken > self.bounds[name]:
            raise LimitError(name)
        self.taken[name] = taken
        self.most[name] = max(taken, self.most[name])

    def spend(self, name: str, amount: int) -> bool:
        """Count what is used already; False where that is more than the run may have."""
        self.taken[name] += amount
        self.most[name] = max(self.taken[name], self.most[name])
        return self.taken[name] <= self.bounds[name]

    def give_back(self, name: str, amount: int) -> None:
        """Space that is free again."""
        self.taken[name] -= amount

    def is_bomb(self, unpacked: int, given: int, grace: int | None = None) -> bool:
        """No archive of real files becomes so much more than it was given. `grace`: bytes that any may become."""
        allowed = max(given, 1) * self.bounds["COMPRESSION_RATIO_MAX"]
        return unpacked > max(allowed, RATIO_GRACE_BYTES if grace is None else grace)

    @property
    def read(self) -> int:
        """Bytes of the inputs that were read so far: what `INPUT_BYTES_MAX` counts, less what is still to come."""
        return self.taken["INPUT_BYTES_MAX"] - sum(packed.given - packed.read for packed in self._reading[:1])

    def unpack(self, size: int, read: int = 0) -> None:
        """So many bytes come out of what is being read, of which `read` bytes were read so far. Raises LimitError."""
        if self._reading:
            self._reading[-1].read = max(read, self._reading[-1].read)
        for packed in self._reading:
            packed.unpacked += size
        if any(self.is_bomb(packed.unpacked, packed.given) for packed in self._reading):
            raise LimitError("COMPRESSION_RATIO_MAX")
        self.take("DECOMPRESSED_BYTES_MAX", size)

    @contextmanager
    def reading(self, given: int) -> Iterator[Packed]:
        """Read an input, or an archive in what is being read already, of so many bytes."""
        packed = Packed(given)
        self._reading.append(packed)
        try:
            yield packed
        finally:
            self._reading.remove(packed)

    def why(self, name: str) -> str:
        """The sentence for what a limit refused."""
        if name in self.bounds:
            bound = self.bounds[name]
            return f"the limit {name} of one run, {bound}, is met: `--limit {name}={max(2 * bound, 1)}` allows more"
        return f"the limit {name} is met"

    def told(self) -> Iterator[str]:
        """A line a limit: what the run took of it at most."""
        for name, most in self.most.items():
            yield f"{name}: {most} of {self.bounds[name]}"
        yield f"SECONDS_MAX: {self.seconds:.1f} of {self.bounds['SECONDS_MAX']}"


_runs: list[Budget] = []


@contextmanager
def run_within(budget: Budget) -> Iterator[Budget]:
    """What is done meanwhile counts there, in every thread of the process."""
    _runs.append(budget)
    try:
        yield budget
    finally:
        _runs.remove(budget)


def of_run() -> Budget:
    """That of the run; one that nobody shares where no run has begun."""
    return _runs[-1] if _runs else Budget()
