"""What of a database could not be rebuilt as it was, as data. Its words: facts/database/words.py."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class LossKind(Enum):
    """What could not be taken over."""

    SNAPSHOT = "snapshot"  # a part of the snapshot: `detail`
    ENTRY = "entry"  # a command: `number` is its entry
    PAGE_SIZE = "page-size"  # pages of `number` bytes in a database whose pages have `of`; 0 where it has none
    BEYOND_SIZE = "beyond-size"  # page `number`
    NOT_A_DATABASE = "not-a-database"  # the image in the snapshot does not begin as a database does
    PARTIAL_PAGE = "partial-page"  # `number` bytes at the end of that image
    WAL = "wal"  # of the snapshot: `detail`
    WAL_PAGE = "wal-page"  # page `number` of the WAL does not fit the database
    MISSING_PAGES = "missing-pages"  # `number` of `of` were never written


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that is not as it was.

    Attributes:
        database: its name; None where it is not of one database.
        number, of: see LossKind; else 0.
        detail: what the parser says of it; else empty.
    """

    kind: LossKind
    database: str | None = None
    number: int = 0
    of: int = 0
    detail: str = ""
