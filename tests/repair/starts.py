"""What real dqlite makes of a result, with each version that is at hand: what the ledger foretold, with these rows."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from pathlib import Path

from forensics.forecast.reasons import Outcome
from forensics.forecast.versions import library
from tests.held.starts.library import builds
from tests.repair.real import Rows, refused, started


def wrong_forecasts(out: Path) -> Iterator[str]:
    """Where a start comes to something else than the ledger says."""
    for version in builds():
        told, said = foretold(out, version), refused(out, version)
        if (told is Outcome.STARTS) == bool(said):
            yield f"dqlite {version}: {told} was foretold; {said or 'it starts'}"


def foretold(out: Path, version: str) -> Outcome:
    """By the ledger, of that version."""
    versions = json.loads((out / "repair.json").read_text("utf-8"))["versions"]
    [outcome] = [one["outcome"] for one in versions if one["dqliteVersion"] == library(version).name]
    return Outcome(outcome)


def wrong_rows(out: Path, rows: Rows) -> Iterator[str]:
    """Started by itself, it leads and has these: with each version that was foretold to start it."""
    for version in builds():
        if foretold(out, version) is Outcome.STARTS:
            yield from (f"dqlite {version}: {line}" for line in _wrong_rows(out, version, rows))


def _wrong_rows(out: Path, version: str, rows: Rows) -> Iterator[str]:
    try:
        leader, found = started([out], version, rows)
    except Exception as error:  # noqa: BLE001 - whatever keeps it from answering is wrong
        yield f"does not answer: {error} ({traceback.extract_tb(error.__traceback__)[-1].name})"
        return
    if leader is None:
        yield "nobody leads"
    yield from (
        f"{table} has {len(found[table])} rows, not {len(rows[table])}"
        for table in found
        if found[table] != rows[table]
    )
