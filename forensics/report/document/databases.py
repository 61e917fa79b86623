"""What is in the databases of a cluster. Values are measured, never shown."""

from __future__ import annotations

from forensics.report.document.part import Count, Part


class RevisionGap(Part):
    """Revisions without a row.

    Attributes:
        first: the first.
        last: the last.
    """

    first: Count
    last: Count


class Prefix(Part):
    """What the keys of one prefix come to.

    Attributes:
        prefix: null for the sum of all others.
        rows: rows of the table, old revisions too.
        live: keys that exist now.
        live_bytes: of their values.
        bytes: of all values and old values.
    """

    prefix: str | None
    rows: Count
    live: Count
    live_bytes: Count
    bytes: Count


class KeySize(Part):
    """One key.

    Attributes:
        key: its name.
        revision: its last.
        size: bytes (of the largest keys), or rows (of the busiest).
    """

    key: str
    revision: Count
    size: Count


class Kine(Part):
    """The health of a kine table.

    Attributes:
        rows: in the table.
        live: keys that exist now.
        leased: of them, with a lease.
        first_revision: the lowest.
        last_revision: the highest.
        compact_revision: compacted up to here; null where it never was.
        gaps: revisions without a row.
        prefixes: largest first; one without a name sums up the rest.
        largest: keys by the size of their value.
        busiest: keys by their rows.
    """

    rows: Count
    live: Count
    leased: Count
    first_revision: Count
    last_revision: Count
    compact_revision: Count | None
    gaps: tuple[RevisionGap, ...]
    prefixes: tuple[Prefix, ...]
    largest: tuple[KeySize, ...]
    busiest: tuple[KeySize, ...]


class DatabaseSize(Part):
    """How large a database was.

    Attributes:
        index: behind this entry.
        pages: how many pages it had.
    """

    index: Count
    pages: Count


class Database(Part):
    """One database.

    Attributes:
        name: its name.
        page_size: bytes.
        pages: how many.
        free_pages: how many are unused.
        sound: it holds what SQLite's integrity check asks for; null where that was not run.
        integrity: what the check said; null where it was not run.
        losses: what of it is missing.
        not_checked: why the check was not run.
        kine: its kine table; null where it has none.
        growth: its size by index, where the log of the node tells it; each holds until the next. Of a long log the last
            of each stretch.
    """

    name: str
    page_size: Count
    pages: Count
    free_pages: Count | None
    sound: bool | None
    integrity: tuple[str, ...] | None
    losses: tuple[str, ...]
    not_checked: str | None
    kine: Kine | None
    growth: tuple[DatabaseSize, ...] = ()


class Databases(Part):
    """The databases as the node that got furthest has them at its last index.

    Attributes:
        node: that node.
        index: its last.
        term: its last.
        snapshot: they were rebuilt from; null where from the first entry.
        found: the databases.
    """

    node: str
    index: Count
    term: Count
    snapshot: str | None
    found: tuple[Database, ...]
