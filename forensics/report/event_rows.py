"""Events as text, CSV, and lines of JSON with the fields that Timesketch asks for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator

from forensics.facts.cluster.cluster import Case
from forensics.masking.text import shown
from forensics.report.events import Event, dated, ordered
from forensics.report.parts.encoding import iso_time
from forensics.shown import cell, plain, plain_json
from forensics.wording import count

_COLUMNS = ("datetime", "timestamp_desc", "database", "node", "index", "message", "path")


def as_text(case: Case) -> Iterator[str]:
    """Two lists: by clocks, and in raft's order."""
    by_clock, by_raft = dated(case), ordered(case)
    yield f"By the clocks of the hosts ({count(len(by_clock), 'event')})\n"
    yield from (_line(iso_time(event.time) or "", event) for event in by_clock)
    yield f"\nIn raft's order, without times ({count(len(by_raft), 'event')})\n"
    yield from (_line(f"{event.index}", event) for event in by_raft)


def as_csv(case: Case) -> Iterator[str]:
    """A header row, then all events; those of raft's order have an empty `datetime`, and come last."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for event in (*dated(case), *ordered(case)):
        writer.writerow([cell(value) for value in _fields(event).values()])
    yield buffer.getvalue()


def as_timesketch(case: Case) -> Iterator[str]:
    """An object a line. What has no time cannot be imported, and is left out. Not tried with Timesketch itself.

    Source: timesketch.org/guides/user/import-from-json-csv (`message`, `datetime`, `timestamp_desc` are required).
    """
    yield from _objects(event for event in dated(case) if iso_time(event.time))


FORMATS = {"text": as_text, "csv": as_csv, "jsonl": as_timesketch}


def _line(place: str, event: Event) -> str:
    whose = " ".join(filter(None, (event.database, event.node)))
    return plain(shown(f"  {place:>20}  {whose:20}  {event.message}\n"))


def _objects(events: Iterable[Event]) -> Iterator[str]:
    for event in events:
        fields = {name: value for name, value in _fields(event).items() if value not in ("", None)}
        yield plain_json(json.dumps({**fields, "data_type": "dqlite:event"}, ensure_ascii=False)) + "\n"


def _fields(event: Event) -> dict[str, str | int | None]:
    """By the names of _COLUMNS."""
    values = (
        (iso_time(event.time) or "").replace("Z", "+00:00"),
        event.told.value,
        event.database,
        shown(event.node),
        event.index,
        shown(event.message),
        shown(event.path),
    )
    return dict(zip(_COLUMNS, values, strict=True))
