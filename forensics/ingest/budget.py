"""What one run may take of the machine: all inputs together, and whatever is packed inside them.

A bound of one archive multiplies with each archive inside of it. So there is one count of everything for the run, and
what comes out of an archive counts for each archive that it lies in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    "SPOOL_BYTES_MAX": limits.SPOOL_BYTES_MAX,
}
"""How much of each a run may have where nobody raises it, all of it together."""


class LimitError(Exception):
    """More is wanted than the limit that this names."""


@dataclass(slots=True, eq=False)
class Packed:
    """An input or archive that is being read.

    Attributes:
        given: its own bytes.
        unpacked: bytes that came out of it so far, and out of whatever is packed in it.
    """

    given: int
    unpacked: int = 0


class Budget:
    """Counts of one run.

    Args:
        raised: other bounds than ALLOWED, by name.

    Attributes:
        bounds: by name.
        taken: how much of each so far.
    """

    def __init__(self, raised: Mapping[str, int] | None = None) -> None:
        self.bounds = {**ALLOWED, **(raised or {})}
        self.taken = {name: 0 for name in ALLOWED if name != "COMPRESSION_RATIO_MAX"}
        self._reading: list[Packed] = []

    def take(self, name: str, amount: int = 1) -> None:
        """Count so many more. Raises LimitError where they are too many; they count for nothing then."""
        if self.taken[name] + amount > self.bounds[name]:
            raise LimitError(name)
        self.taken[name] += amount

    def is_bomb(self, unpacked: int, given: int, grace: int | None = None) -> bool:
        """No archive of real files becomes so much more than it was given. `grace`: bytes that any may become."""
        allowed = max(given, 1) * self.bounds["COMPRESSION_RATIO_MAX"]
        return unpacked > max(allowed, RATIO_GRACE_BYTES if grace is None else grace)

    def unpack(self, size: int) -> None:
        """So many bytes come out of what is being read. Raises LimitError."""
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
            return f"the limit {name} of one run, {bound}, is met: `--limit {name}={2 * bound}` allows more"
        return f"the limit {name} is met"
