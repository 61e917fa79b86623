"""What is known of a node's databases at its last index; facts/database/examine.py finds it out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from forensics.evidence import Span
from forensics.facts.database.k8sd_tables import MemberRow, MicroclusterTables
from forensics.facts.database.kine import Kine
from forensics.facts.database.loss import Loss

_OF_INDEX = re.compile(r"row \d+ missing from index |wrong # of entries in index |non-unique entry in index ")


class WhyNot(Enum):
    """Why databases, or something of one, were not examined."""

    NO_START = "no-start"  # there is neither a usable snapshot nor a log from index 1
    NOT_TRIED = "not-tried"
    TOO_LARGE = "too-large"  # `size` bytes, more than EXAMINED_BYTES_MAX
    NO_SPACE = "no-space"  # no temporary space: `detail`, by the operating system
    BROKEN = "broken"  # looking at them broke: the report says where
    QUERY = "query"  # a query failed or was refused: `detail`


@dataclass(frozen=True, slots=True)
class NotExamined:
    """What was not examined, and why."""

    why: WhyNot
    size: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """One database.

    Attributes:
        name: dqlite's.
        page_size, pages: bytes, and how many. free_pages: of these, unused; None where it could not be read.
        losses: what is not as it was; empty where the image is whole.
        integrity: what `PRAGMA integrity_check` says, `ok` alone in health; None where it was not run.
        not_examined: why something of this was not examined; None where everything was.
        kine: where it has that table.
        members: where it is microcluster's.
        microcluster: the rest that is read of it there.
        at: where the pages that the integrity check names lie, else page 1.
    """

    name: str
    page_size: int
    pages: int
    free_pages: int | None
    losses: tuple[Loss, ...]
    integrity: tuple[str, ...] | None
    not_examined: NotExamined | None
    kine: Kine | None
    members: tuple[MemberRow, ...] | None
    at: tuple[Span, ...]
    microcluster: MicroclusterTables | None = None

    @property
    def sound(self) -> bool | None:
        """The integrity check found nothing; None where it was not run."""
        return None if self.integrity is None else self.integrity == ("ok",)

    @property
    def only_indexes(self) -> bool:
        """The integrity check names entries of indexes alone, by SQLite's own messages."""
        return bool(self.integrity) and all(_OF_INDEX.search(line) for line in self.integrity or ())


@dataclass(frozen=True, slots=True)
class Databases:
    """All databases of a node.

    Attributes:
        index, term: of the last entry that is in them; 0 where there are none.
        snapshot: the name of the snapshot that they start from; None where that is the beginning.
        found: by name.
        not_examined: why there are none; None where there are.
    """

    index: int = 0
    term: int = 0
    snapshot: str | None = None
    found: tuple[DatabaseFacts, ...] = ()
    not_examined: NotExamined | None = NotExamined(WhyNot.NO_START)

    def get(self, name: str) -> DatabaseFacts | None:
        """The database of that name."""
        return next((database for database in self.found if database.name == name), None)

    @property
    def of_microcluster(self) -> DatabaseFacts | None:
        """The first that has microcluster's table of members."""
        return next((database for database in self.found if database.members is not None), None)


NOT_EXAMINED = Databases(not_examined=NotExamined(WhyNot.NOT_TRIED))
