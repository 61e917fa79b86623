"""Rows of a kine table that should not be as they are, as data. Their words: facts/database/words.py."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Oddity(Enum):
    """What is odd about a row."""

    CREATED_AND_DELETED = "created-and-deleted"
    CREATED_LATER = "created-later"  # in revision `other`, later than its own
    NO_VALUE = "no-value"  # though it is not deleted
    DELETED_WITH_VALUE = "deleted-with-value"
    OLD_TOMBSTONE = "old-tombstone"  # a compaction should have removed it
    SUPERSEDED = "superseded"  # by revision `other`; a compaction should have removed it
    PREDECESSOR_GONE = "predecessor-gone"  # it follows revision `other`, which does not exist
    CREATES_AGAIN = "creates-again"  # a key that has existed since revision `other`
    WRONG_PREDECESSOR = "wrong-predecessor"  # it follows revision `other`, and `expected` is the one before it


@dataclass(frozen=True, slots=True)
class OddRow:
    """A row that should not be as it is; its key fit to be shown. For `other` and `expected` see Oddity."""

    oddity: Oddity
    revision: int
    key: str
    other: int | None = None
    expected: int | None = None
