"""The rows of a kine table, key by key: sums, the largest, and the rows that should not be as they are.

Source: docs/reference/k8s-dqlite.md#what-rows-mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from forensics.facts.database.kine import COMPACT_KEY, GAP_PREFIX, Prefix, Suspects, prefix_of, printable_key
from forensics.facts.database.kine_oddity import Oddity, OddRow
from forensics.facts.database.largest import Largest
from forensics.limits import KINE_KEYS_SHOWN, KINE_SAMPLES_MAX

_SCHEMAS_WITHOUT_OLD_TOMBSTONES = (1, 65536)  # upstream kine keeps the value in a tombstone; k8s-dqlite does not


class Row(NamedTuple):
    """A row without its values."""

    name: str
    id: int
    created: int
    deleted: int
    create_revision: int
    prev_revision: int
    lease: int
    value_bytes: int | None
    old_value_bytes: int | None


class _Odd:
    """Odd rows of one kind, so far."""

    def __init__(self) -> None:
        self._count = 0
        self._samples: list[OddRow] = []

    def add(self, row: OddRow) -> None:
        """Count one more row."""
        self._count += 1
        if len(self._samples) < KINE_SAMPLES_MAX:
            self._samples.append(row)

    def settled(self) -> Suspects:
        """What was counted."""
        return Suspects(self._count, tuple(self._samples))


class KineTally:
    """What the rows, key by key, come to so far.

    Args:
        compacted: the compact revision.
        user_version: of the schema.
    """

    def __init__(self, compacted: int, user_version: int) -> None:
        self._compacted, self._user_version = compacted, user_version
        self._prefixes: dict[str, list[int]] = {}  # rows, live keys, bytes of live values, bytes of all
        self.keys = self.creates = self.live = self.leased = 0
        self.busiest: Largest[tuple[str, int]] = Largest(KINE_KEYS_SHOWN)
        self.largest: Largest[tuple[str, int]] = Largest(KINE_KEYS_SHOWN)
        self.uncompacted, self.chain, self.damaged = _Odd(), _Odd(), _Odd()

    def prefixes(self) -> tuple[Prefix, ...]:
        """Largest first."""
        found = [Prefix(prefix, *sums) for prefix, sums in self._prefixes.items()]
        return tuple(sorted(found, key=lambda prefix: (-prefix.bytes, prefix.prefix)))

    def add(self, rows: list[Row]) -> None:
        """All rows of one key, by revision."""
        name, last = rows[0].name, rows[-1]
        self.keys += 1
        self.creates += sum(row.created for row in rows)
        self.busiest.push(len(rows), (name, last.id))
        biggest = max(rows, key=lambda row: row.value_bytes or 0)
        self.largest.push(biggest.value_bytes or 0, (name, biggest.id))
        is_live = not last.deleted and name != COMPACT_KEY
        self.live += is_live
        self.leased += is_live and last.lease != 0
        size = sum((row.value_bytes or 0) + (row.old_value_bytes or 0) for row in rows)
        sums = self._prefixes.setdefault(prefix_of(name), [0, 0, 0, 0])
        for place, more in enumerate((len(rows), int(is_live), (last.value_bytes or 0) if is_live else 0, size)):
            sums[place] += more
        if name != COMPACT_KEY and not name.startswith(GAP_PREFIX):
            self._judge(rows)

    def _judge(self, rows: list[Row]) -> None:
        """Count what the rows of one key, all of them, break of docs/reference/k8s-dqlite.md#checks-in-sql."""
        key = printable_key(rows[0].name)
        for row in rows:
            for oddity, other in _contradictions(row, self._user_version):
                self.damaged.add(OddRow(oddity, row.id, key, other))
            if row.deleted and row.id <= self._compacted:
                self.uncompacted.add(OddRow(Oddity.OLD_TOMBSTONE, row.id, key))
        if rows[0].prev_revision > self._compacted and not rows[0].created:
            self.chain.add(OddRow(Oddity.PREDECESSOR_GONE, rows[0].id, key, rows[0].prev_revision))
        for before, row in pairwise(rows):
            if row.id <= self._compacted:
                self.uncompacted.add(OddRow(Oddity.SUPERSEDED, before.id, key, row.id))
            elif broken := _broken(before, row, key):
                self.chain.add(broken)


def _broken(before: Row, row: Row, key: str) -> OddRow | None:
    """Where a row does not continue the one of its key before it."""
    if row.created:
        return None if before.deleted else OddRow(Oddity.CREATES_AGAIN, row.id, key, before.id)
    if row.prev_revision == before.id:
        return None
    return OddRow(Oddity.WRONG_PREDECESSOR, row.id, key, row.prev_revision, before.id)


def _contradictions(row: Row, user_version: int) -> Iterator[tuple[Oddity, int | None]]:
    if row.created and row.deleted:
        yield Oddity.CREATED_AND_DELETED, None
    if row.create_revision > row.id:
        yield Oddity.CREATED_LATER, row.create_revision
    if not row.deleted and row.value_bytes is None:
        yield Oddity.NO_VALUE, None
    if row.deleted and row.value_bytes is not None and user_version in _SCHEMAS_WITHOUT_OLD_TOMBSTONES:
        yield Oddity.DELETED_WITH_VALUE, None
