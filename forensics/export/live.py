"""The objects that live in a kine table, in the order of their revisions.

Sources: docs/reference/k8s-dqlite.md#what-rows-mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from forensics.facts.database.kine import COMPACT_KEY, GAP_PREFIX
from forensics.facts.database.kine_health import is_kine
from forensics.facts.database.open import Database, QueryError
from forensics.limits import EXPORT_SECONDS_MAX

# Names and values as the bytes that they are: a key needs not be UTF-8. The newest row of a name decides.
_LIVE = f"""
SELECT id, CAST(name AS BLOB), created, create_revision, lease, CAST(value AS BLOB) FROM kine
WHERE id IN (SELECT max(id) FROM kine GROUP BY name) AND deleted = 0
AND name <> '{COMPACT_KEY}' AND name NOT LIKE '{GAP_PREFIX}%' ORDER BY id
"""  # noqa: S608 - constants of ours
_LEASES = """
SELECT DISTINCT lease FROM kine
WHERE id IN (SELECT max(id) FROM kine GROUP BY name) AND deleted = 0 AND lease > 0 ORDER BY lease
"""


class LiveObject(NamedTuple):
    """One key that exists.

    Attributes:
        revision: of its newest row; Kubernetes' resourceVersion.
        create_revision: of the row that made it.
        updated: it was changed since it was made.
        lease: its time to live in seconds; 0 for none.
    """

    key: bytes
    revision: int
    create_revision: int
    updated: bool
    lease: int
    value: bytes


class Live:
    """What lives in a kine table, and how far its revisions came.

    Raises QueryError where the database holds no kine table, or cannot be read.
    """

    def __init__(self, database: Database) -> None:
        if not is_kine(database):
            raise QueryError("no kine table: only Kubernetes' database can be exported")
        self._database = database
        self.revision = max(0, *(_whole(value) for value in self._highest()))

    def _highest(self) -> tuple[object, ...]:
        """The highest row, and the highest that ever was: the two differ where the last ones were compacted."""
        (row,) = self._database.rows("SELECT max(id) FROM kine")
        sequence = self._database.rows("SELECT max(seq) FROM sqlite_sequence WHERE name = 'kine'")
        return (*row, *sequence[0])

    def leases(self) -> list[int]:
        """The times to live in seconds that objects have, each once, smallest first."""
        found = self._database.rows(_LEASES, seconds=EXPORT_SECONDS_MAX)
        return [lease for (lease,) in found if isinstance(lease, int)]

    def objects(self) -> Iterator[LiveObject]:
        """All of them, by revision. Raises QueryError where a page cannot be read."""
        for row, key, created, create_revision, lease, value in self._database.query(_LIVE, seconds=EXPORT_SECONDS_MAX):
            made = _whole(create_revision)
            yield LiveObject(
                key or b"", row, made if 0 < made <= row else row, not created, _whole(lease), value or b""
            )


def _whole(value: object) -> int:
    """SQLite's columns take any type: what is no whole number above 0 counts as 0."""
    return value if isinstance(value, int) and 0 < value < 2**63 else 0
