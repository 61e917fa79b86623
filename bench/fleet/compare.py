"""Reports of a store against `analyze`, one upload by one; and two stores against each other."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path

from forensics.cli import main as command
from forensics.fleet.questions import asking
from forensics.fleet.store import Store
from forensics.fleet.tables import OF_REPORTS


def different_reports(cases: Path, store: Store, most: int) -> tuple[int, int]:
    """(compared, different): of so many reports; one of several names is one report, of one of them."""
    with asking(store) as questions:
        rows = questions.rows("SELECT key, name FROM cases WHERE state = 'ok' ORDER BY hash(key), name")
    names: dict[str, list[str]] = defaultdict(list)
    for key, name in rows:
        names[key].append(name.partition("/")[2])
    chosen = list(names.items())[:most]
    return len(chosen), sum(
        store.report_text(key) not in (_alone(cases / name) for name in same) for key, same in chosen
    )


def _alone(upload: Path) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".json") as written:
        command(["analyze", str(upload), "--json", written.name, "-q", "--fail-on", "never"])
        return Path(written.name).read_bytes()


def same_tables(one: Store, other: Store) -> bool:
    """But for what a run took and when: the rows of all reports, and how each case ended."""
    with asking(one) as first, asking(other) as second:
        return all(
            first.rows(query) == second.rows(query)
            for query in (
                *(f"FROM {table} ORDER BY ALL" for table in OF_REPORTS),
                "SELECT name, state FROM cases ORDER BY ALL",
            )
        )
