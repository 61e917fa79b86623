"""Rows of a log as text, JSON lines or CSV, one at a time as they come. No page content and no raw byte is shown."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from forensics.facts.log.stream import Note, Row, Trust
from forensics.facts.log.words import note_words
from forensics.masking.text import shown
from forensics.parsers.command import Checkpoint, Command, Frames, Open, Undo
from forensics.parsers.configuration import Configuration
from forensics.parsers.segment import EntryType
from forensics.rules.damage_words import damage_words
from forensics.shown import cell, plain, plain_json

_PAGES_SHOWN = 8
CSV_COLUMNS = (
    "node", "index", "term", "type", "trust", "command", "database", "transaction", "truncate", "commit", "pageSize",
    "pages", "servers", "note", "segment", "offset", "size",
)  # fmt: skip

Items = Iterable[tuple[str, Row | Note]]
"""Name of the node, and what its log gave."""
_Fields = dict[str, Any]  # of one row, by the names of CSV_COLUMNS; what does not apply to it is absent


def as_json(items: Items) -> Iterator[str]:
    """One JSON object a line."""
    for node, item in items:
        yield plain_json(json.dumps(_document(node, item), ensure_ascii=False, separators=(",", ":"))) + "\n"


def as_csv(items: Items) -> Iterator[str]:
    """A header row, then one a line."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, CSV_COLUMNS, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for node, item in items:
        yield _drain(buffer)
        writer.writerow({name: cell(value) for name, value in _flat(_document(node, item)).items()})
    yield _drain(buffer)


def as_text(items: Items) -> Iterator[str]:
    """Aligned columns, under a heading for each node; notes start with an exclamation mark."""
    headed = None
    for node, item in items:
        if node != headed:
            yield plain(f"{'' if headed is None else chr(10)}{node}\n")
            headed = node
        yield plain(shown(_note_line(item) if isinstance(item, Note) else _row_line(item)))


FORMATS: dict[str, Callable[[Items], Iterator[str]]] = {"text": as_text, "json": as_json, "csv": as_csv}


def describe(content: Command | Configuration | None) -> str:
    """An entry's content in words."""
    match content:
        case Frames():
            numbers = [str(number) for number in content.numbers[:_PAGES_SHOWN]]
            more = len(content.numbers) - len(numbers)
            old = f", transaction {content.transaction}" * bool(content.transaction) + ", goes on" * (
                not content.is_commit
            )
            listed = ", ".join(numbers) + f" and {more} more" * bool(more)
            what = f"{len(content.numbers)} page{'s' * (len(content.numbers) != 1)}"
            return f"frames {content.name}: {what}{f' ({listed})' if listed else ''}{old}"
        case Open() | Checkpoint():
            return f"{type(content).__name__.lower()} {content.name}"
        case Undo():
            return f"undo transaction {content.transaction}"
        case Configuration():
            return ", ".join(
                f"{server.id} {server.address} {server.role.value if server.role else '?'}"
                for server in content.servers
            )
    return ""


def _row_line(row: Row) -> str:
    kind = EntryType(row.entry.type).name.lower()
    what = "; ".join(filter(None, (describe(row.content), *(anomaly.detail for anomaly in row.anomalies))))
    index = "?" if row.index is None else str(row.index)
    trust = "" if row.trust is Trust.WHOLE else f"[{row.trust.value}] "
    where = f"{_name(row.at.path)}@{row.at.offset}+{row.at.length}"
    return f"{index:>9}  term {row.entry.term:<4} {kind:8} {trust}{what:40}  {where}\n"


def _note_line(note: Note) -> str:
    return f"{'!':>9}  {note.kind}: {_note(note)}  {_name(note.at.path)}@{note.at.offset}+{note.at.length}\n"


def _note(note: Note) -> str:
    """The note, and what explains it."""
    return ". ".join(filter(None, (note_words(note), damage_words(note.damage) if note.damage else "")))


def _document(node: str, item: Row | Note) -> _Fields:
    if isinstance(item, Note):
        common: _Fields = {"node": node, "type": item.kind, "note": _note(item)}
    else:
        common = {
            "node": node,
            "index": item.index,
            "term": item.entry.term,
            "type": EntryType(item.entry.type).name.lower(),
            "trust": item.trust.value,
            **_content(item.content),
        }
        if item.anomalies:
            common["note"] = "; ".join(anomaly.detail for anomaly in item.anomalies)
    at = item.at
    told: _Fields = shown(common | {"segment": _name(at.path), "path": at.path, "offset": at.offset, "size": at.length})
    return told


def _content(content: Command | Configuration | None) -> _Fields:
    match content:
        case Frames():
            return {
                "command": "frames",
                "database": content.name,
                "transaction": str(content.transaction),
                "truncate": content.truncate,
                "commit": content.is_commit,
                "pageSize": content.page_size,
                "pages": list(content.numbers),
            }
        case Open() | Checkpoint():
            return {"command": type(content).__name__.lower(), "database": content.name}
        case Undo():
            return {"command": "undo", "transaction": str(content.transaction)}
        case Configuration():
            return {
                "servers": [
                    {
                        "id": str(server.id),
                        "address": server.address,
                        "role": server.role.value if server.role else None,
                    }
                    for server in content.servers
                ]
            }
    return {}


def _flat(document: _Fields) -> _Fields:
    """Lists as blank-separated texts, truth values as in JSON."""
    flat = dict(document)
    if "pages" in flat:
        flat["pages"] = " ".join(map(str, flat["pages"]))
        flat["commit"] = "true" if flat["commit"] else "false"
    if "servers" in flat:
        flat["servers"] = " ".join(f"{s['id']}@{s['address']}={s['role'] or '?'}" for s in flat["servers"])
    return flat


def _drain(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _name(path: str) -> str:
    return path.rpartition("/")[2]
