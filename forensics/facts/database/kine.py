"""A kine table as rows alone tell of it: what rules and the report read. kine_health.py measures it.

Names of Secrets lose their last part before they get here (docs/reference/secrets.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from forensics.facts.database.kine_oddity import OddRow
from forensics.ingest.paths import printable
from forensics.limits import KEY_CHARS_SHOWN

COMPACT_KEY = "compact_rev_key"
GAP_PREFIX = "gap-"  # fillers of k8s-dqlite up to 1.5, removed by a later compaction
Index = tuple[str, bool, tuple[str, ...]]  # name, whether it is unique, columns


@dataclass(frozen=True, slots=True)
class Prefix:
    """All keys below one `/registry/<resource>`.

    Attributes:
        rows, live: rows, and keys that exist.
        live_bytes: of the values that count.
        bytes: of all values and old values.
    """

    prefix: str
    rows: int
    live: int
    live_bytes: int
    bytes: int


class KeySize(NamedTuple):
    """A key, fit to be shown, and a number: bytes, or revisions."""

    key: str
    revision: int
    size: int


@dataclass(frozen=True, slots=True)
class Suspects:
    """Rows that should not be as they are: how many, and the first of them."""

    count: int
    samples: tuple[OddRow, ...]


NONE_ODD = Suspects(0, ())


@dataclass(frozen=True, slots=True)
class Kine:
    """A kine table.

    Attributes:
        rows, live, leased: rows; keys that exist; those of them with a lease.
        first_revision, last_revision: smallest and largest id; 0 for an empty table.
        sequence: what AUTOINCREMENT gave last; None where there is no such row.
        user_version: of the schema: 0 upstream or old, 1 is 0.1, 65536 is 1.0.
        foreign: keys were written again and again, and every row claims to create its key: not kine's writing.
        compact_rows: (revision, compact revision) of each row of the compact key; one in health.
        prefixes: largest first. largest: values by size. busiest: keys by revisions kept.
        gaps: (first, last) of revisions behind the compact one that have no row.
        uncompacted: rows that the compaction up to the compact revision should have removed.
        chain: rows that do not continue the row of their key before them.
        damaged: rows whose flags and values contradict each other.
        indexes: (name, unique, columns) of its indexes.
    """

    rows: int = 0
    live: int = 0
    leased: int = 0
    first_revision: int = 0
    last_revision: int = 0
    sequence: int | None = None
    user_version: int = 0
    foreign: bool = False
    compact_rows: tuple[tuple[int, int], ...] = ()
    prefixes: tuple[Prefix, ...] = ()
    largest: tuple[KeySize, ...] = ()
    busiest: tuple[KeySize, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()
    uncompacted: Suspects = NONE_ODD
    chain: Suspects = NONE_ODD
    damaged: Suspects = NONE_ODD
    indexes: tuple[Index, ...] = ()

    @property
    def compact_revision(self) -> int | None:
        """Up to where history was removed; None before the first compaction row."""
        return newest_compact(self.compact_rows)


def newest_compact(compact_rows: Iterable[tuple[int, int]]) -> int | None:
    """The compact revision that counts."""
    return max((revision for _, revision in compact_rows), default=None)


def printable_key(name: str) -> str:
    """A key's name, fit to be shown: that of a Secret without its last part (docs/reference/secrets.md)."""
    parts = name.split("/")
    if is_secret_key(name):
        parts[-1] = "…"
    return printable("/".join(parts)[:KEY_CHARS_SHOWN])


def is_secret_key(name: str) -> bool:
    """The key is of a Secret (docs/reference/secrets.md)."""
    return "secrets" in name.split("/")[:-1]


def prefix_of(name: str) -> str:
    """`/registry/pods` of `/registry/pods/default/x`; the name itself where it has no such shape."""
    parts = name.split("/", 3)
    return printable(("/".join(parts[:3]) if len(parts) > 3 else name)[:KEY_CHARS_SHOWN])
