"""Rows of SQL as text, JSON or CSV, streamed.

BLOBs are hex in csv, `{"hex": …}` in json, and shortened in text. See docs/reference/command-line.md#commands.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TextIO

from forensics.shown import cell, plain_json

_LOOK_AHEAD = 200  # rows that decide on the widths of text columns
_WIDTH_MAX = 60
_BLOB_BYTES_SHOWN = 16


Row = Sequence[Any]


def write_rows(out: TextIO, columns: Sequence[str], rows: Iterable[Row], form: str) -> None:
    """Write a header and all rows; holds no more than a screen of them."""
    {"text": _write_text, "json": _write_json, "csv": _write_csv}[form](out, columns, rows)


def printable(text: str) -> str:
    """Without anything that a terminal obeys."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _write_text(out: TextIO, columns: Sequence[str], rows: Iterable[Row]) -> None:
    cells: Iterator[list[str]] = ([_text(value) for value in row] for row in rows)
    first = [[printable(name) for name in columns], *islice(cells, _LOOK_AHEAD)]
    widths = [min(max(len(line[column]) for line in first), _WIDTH_MAX) for column in range(len(columns))]
    for number, line in enumerate(first):
        _write_line(out, line, widths)
        if number == 0:
            _write_line(out, ["-" * width for width in widths], widths)
    for line in cells:
        _write_line(out, line, widths)


def _write_line(out: TextIO, cells: Sequence[str], widths: Sequence[int]) -> None:
    out.write("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip() + "\n")


def _write_json(out: TextIO, columns: Sequence[str], rows: Iterable[Row]) -> None:
    names = _distinct(columns)
    lead = "[\n"
    for row in rows:
        record = dict(zip(names, map(_json, row), strict=True))
        out.write(f"{lead} {plain_json(json.dumps(record, ensure_ascii=False))}")
        lead = ",\n"
    out.write("[]\n" if lead == "[\n" else "\n]\n")


def _write_csv(out: TextIO, columns: Sequence[str], rows: Iterable[Row]) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(cell, columns))
    writer.writerows([value.hex() if isinstance(value, bytes) else cell(value) for value in row] for row in rows)


def _text(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        shown = value[:_BLOB_BYTES_SHOWN].hex()
        return f"x'{shown}'" if len(value) <= _BLOB_BYTES_SHOWN else f"x'{shown}…' ({len(value)} bytes)"
    return printable(str(value))


def _json(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # JSON has no word for it
    return value


def _distinct(names: Sequence[str]) -> list[str]:
    """Column names as keys: a name that comes again gets a number."""
    found: list[str] = []
    for name in names:
        key, number = name, 1
        while key in found:
            key, number = f"{name}:{number}", number + 1
        found.append(key)
    return found
