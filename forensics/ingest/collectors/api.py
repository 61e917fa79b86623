"""What a collector is: a mark to recognise it by, and a table of the files that it writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Final

from forensics.ingest.clock_source import ClockSource
from forensics.ingest.files import InputFile


class Use(Enum):
    """What a file of a collection is used for."""

    COPY = "copy"  # a file of a state directory under another name
    HEAD = "head"  # the beginning of such a file, where the whole was too large
    TAIL = "tail"  # the end of the same
    LISTING = "listing"  # tells of files without their content
    JOURNAL = "journal"  # log lines
    HOST = "host"  # facts about the machine: disks, addresses, versions, clock


_BELOW: Final = "(?:.*/)?"  # any folder, or none


@dataclass(frozen=True, slots=True)
class Place:
    r"""One row of a collector's table.

    Attributes:
        pattern: of the path below the collection's root; its groups may stand in `target` as `\1`.
        use: see Use.
        target: COPY, HEAD, TAIL: the path below the host's root that it is a copy of. LISTING: the directory that it
            lists, empty where the text says itself. JOURNAL: the unit, empty where each line says itself. HOST: which
            fact.
    """

    pattern: re.Pattern[str]
    use: Use
    target: str = ""


@dataclass(frozen=True)
class Collector:
    """One tool.

    Attributes:
        title: for people.
        mark: finds in a file's path the collection's root (group `root`, with its `/`, may be empty).
        places: first match counts.
        by_hand: no tool, but people: its texts may be of any machine, and its root is the whole input.
        lists_all: it lists every folder that it copies from: what is neither copied nor listed was not there.
    """

    title: str
    mark: re.Pattern[str]
    places: tuple[Place, ...]
    by_hand: bool = False
    lists_all: bool = False

    @cached_property
    def any_place(self) -> re.Pattern[str]:
        """All rows as one pattern, below any root: of the 100 000 files of a report few match."""
        rows = (_ungrouped(place.pattern.pattern.removeprefix(_BELOW)) for place in self.places)
        return re.compile(f"{_BELOW}(?:{'|'.join(rows)})")

    def place(self, inner: str) -> tuple[Use, str] | None:
        """Use and target of a path below the root."""
        if not self.any_place.fullmatch(inner):
            return None
        for place in self.places:
            if found := place.pattern.fullmatch(inner):
                return place.use, found.expand(place.target)
        return None

    @cached_property
    def _logs(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """The rows of logs below any root, with their units."""
        rows = (place for place in self.places if place.use is Use.JOURNAL)
        return tuple((re.compile(_BELOW + row.pattern.pattern.removeprefix(_BELOW)), row.target) for row in rows)

    def unit_of_log(self, path: str) -> str | None:
        """Of a path that ends like a log of the table the unit; else None (the root is not known yet)."""
        if not self.wants(path):
            return None
        return next((unit for pattern, unit in self._logs if pattern.fullmatch(path)), None)

    def wants(self, path: str) -> bool:
        """The path ends like a row of the table (the root is not known yet)."""
        return self.any_place.fullmatch(path) is not None


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """One run of a collector on one host, found among the files.

    Attributes:
        collector: which tool.
        root: path in the input that everything lies below, with a `/` at its end unless empty.
        copies: by the virtual path that each is a copy of.
        heads, tails: the same of beginnings and ends of files that are not there as a whole.
        listings: text and the directory that it lists (None where the text says itself).
        journals: log and its unit.
        facts: texts by fact.
        host: name of the host, None where nothing tells.
        collected: seconds since 1970 UTC (the host's clock taken as UTC where its zone is unknown), None where nothing
            tells.
        collected_by: what tells, None where nothing does.
        utc_offset: the host's clock was so many seconds east of UTC, None where nothing tells. zone: its name there.
        cleaned: `sos clean` went over it: addresses and names are replaced, binary files removed.
    """

    collector: Collector
    root: str
    copies: Mapping[str, InputFile]
    listings: tuple[tuple[InputFile, str | None], ...]
    journals: tuple[tuple[InputFile, str], ...]
    facts: Mapping[str, tuple[InputFile, ...]]
    host: str | None = None
    collected: float | None = None
    collected_by: ClockSource | None = None
    utc_offset: float | None = None
    heads: Mapping[str, InputFile] = field(default_factory=dict)
    tails: Mapping[str, InputFile] = field(default_factory=dict)
    zone: str = ""
    cleaned: bool = False

    @property
    def by_hand(self) -> bool:
        """See Collector. A tool's root may be empty, too: a report that was unpacked, and given as a directory."""
        return self.collector.by_hand

    def holds(self, path: str) -> bool:
        """The path lies below the root."""
        return path.startswith(self.root)


def places(*rows: tuple[str, Use] | tuple[str, Use, str]) -> tuple[Place, ...]:
    """A table from (pattern, use, target) rows."""
    return tuple(Place(re.compile(row[0]), row[1], row[2] if len(row) == 3 else "") for row in rows)


def _ungrouped(pattern: str) -> str:
    """Groups as non-capturing: joined patterns need no groups."""
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)
