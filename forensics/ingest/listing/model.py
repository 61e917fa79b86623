"""What a listing gives."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.evidence import Span
from forensics.ingest.files import Kind
from forensics.limits import FILE_BYTES_MAX


@dataclass(frozen=True, slots=True)
class When:
    """A file time as a listing prints it: local time of that host, often without year or without time of day.

    Attributes:
        year: None where the listing leaves it out (a file of the last six months).
        precision: seconds that the printed form stands for: 1, 60, or 86400 for a day.
    """

    year: int | None
    month: int
    day: int
    second: int  # of the day
    precision: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of a listing.

    Attributes:
        name: without the directory.
        size_min, size_max: bytes; an interval where the listing rounds, 0 to FILE_BYTES_MAX where it has no sizes.
        at: the line.
    """

    name: str
    kind: Kind
    size_min: int
    size_max: int
    at: Span
    when: When | None = None
    mode: int | None = None
    owner: str | None = None
    target: str | None = None

    @property
    def sized(self) -> bool:
        """The listing gives a size, exact or rounded."""
        return self.size_max < FILE_BYTES_MAX


@dataclass(frozen=True, slots=True)
class Listing:
    """One directory as a text lists it.

    Attributes:
        directory: its absolute path as the text gives it (prompt, command, header, full names); None without any.
        host: the host, from the prompt or a heading; None if unknown.
        entries: in the text's order; `.` and `..` are left out.
        source: the text's path in the report.
        cut: the text itself says, or its `total` line proves, that files are missing from it.
        whole: that it shows all files can be believed: neither its beginning nor its end can have got lost unnoticed.
        total: bytes of all blocks, from the `total` line or `du`; at most, where that is rounded.
        at: the `du` line, where that is all there is.
        earlier: other looks at the same directory, which the text shows before this one.
    """

    directory: str | None
    host: str | None
    entries: tuple[Listed, ...]
    source: str
    cut: bool = False
    whole: bool = True
    total: int | None = None
    at: Span | None = None
    earlier: tuple[Listing, ...] = ()
