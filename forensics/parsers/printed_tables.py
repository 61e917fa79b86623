"""Tables that programs print: cells between bars, in columns under dashes, or with one bar between. With titles.

Forms: olekukonko's tablewriter (LXD, Incus, microcluster), and sqlite3's modes table, box, markdown, column and list
(sqlite.org/cli.html#changing_output_formats).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from forensics.evidence import Blob, Span
from forensics.ingest.listing.text import clean, encoding_of
from forensics.limits import HOST_TEXT_BYTES_MAX, SERVERS_MAX

_TITLES = re.compile(r"^[^\n:=\d\"]{0,200}\b(?:address|url)\b[^\n:=\d\"]{0,200}$", re.IGNORECASE | re.MULTILINE)
_BARS = str.maketrans(
    dict.fromkeys("│┃║", "|") | dict.fromkeys("┌┬┐├┼┤└┴┘╭╮╰╯╞╪╡╔╗╚╝╠╣╦╩╬╒╕╘╛", "+") | {"─": "-", "═": "="}
)
_BORDER = re.compile(r"[+|][-=+|:]+[+|]?")
_DASHES = re.compile(r"-+(?: +-+)+ *")
_LISTED = re.compile(r"\w+(?:\|\w+)+")
_LINE_CHARS_MAX = 4096

_Cells = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """One table.

    Attributes:
        titles: in lower case, `_` for blanks; one that a cut line ends in is left out.
        rows: cells, as many as there are titles or, where the line is cut, fewer; each with its line.
        at: the line of the titles.
    """

    titles: list[str]
    rows: list[tuple[list[str], Span]]
    at: Span


def printed_tables(blob: Blob) -> Iterator[PrintedTable]:
    """All tables of a text that have a title `address` or `url`, in order."""
    skipped, encoding, _ = encoding_of(blob.read(0, 4))
    errors = "surrogateescape" if encoding == "utf-8" else "replace"
    text = blob.read(skipped, min(blob.size, HOST_TEXT_BYTES_MAX)).decode(encoding, errors)
    done = 0
    for found in _TITLES.finditer(text):
        if found.start() < done:
            continue
        if not _may_begin(text, found):
            continue
        lines = list(_lines(text, found.start()))
        offset = skipped + len(text[: found.start()].encode(encoding, errors))
        spans, cleaned = [], []
        for line in lines:
            length = len(line.encode(encoding, errors))
            spans.append(Span(blob.path, offset, length))
            cleaned.append(clean(line[:_LINE_CHARS_MAX]).strip().translate(_BARS))
            offset += length + len("\n".encode(encoding))
        done = found.start() + sum(len(line) + 1 for line in lines)
        if table := _table(cleaned, spans):
            done = min(done, found.start() + sum(len(line) + 1 for line in lines[: 1 + len(table.rows)]))
            yield table


def _may_begin(text: str, found: re.Match[str]) -> bool:
    """Bars, or a line of dashes below: prose has neither."""
    below = text[found.end() + 1 : found.end() + 5]
    return "|" in found[0].translate(_BARS) or below.lstrip(" >").startswith("-")


def _lines(text: str, start: int) -> Iterator[str]:
    """From the line of the titles to an empty one."""
    for _ in range(SERVERS_MAX):
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)]
        if not line.strip():
            return
        yield line
        if end < 0:
            return
        start = end + 1


def _table(lines: list[str], spans: list[Span]) -> PrintedTable | None:
    cells_of = _form(lines)
    if cells_of is None:
        return None
    titles = [title.lower().replace(" ", "_") for title in cells_of(lines[0])]
    rows = list(_rows_of(zip(lines[1:], spans[1:], strict=True), cells_of, len(titles)))
    return PrintedTable(titles, rows, spans[0]) if rows else None


def _rows_of(lines: Iterable[tuple[str, Span]], cells_of: _Cells, most: int) -> Iterator[tuple[list[str], Span]]:
    """Up to a line that is no row, or a second border in a row: there the next table begins."""
    borders, begun = 0, False
    for line, at in lines:
        borders = borders + 1 if _BORDER.fullmatch(line) or _DASHES.fullmatch(line) else 0
        if begun and borders > 1:
            return
        if borders:
            continue
        cells = cells_of(line)
        if not 2 <= len(cells) <= most:
            return
        begun = True
        yield cells, at


def _form(lines: list[str]) -> _Cells | None:
    """How its lines are divided; None where they are no table."""
    if lines[0].startswith("|"):
        return _between_bars
    if len(lines) > 1 and _DASHES.fullmatch(lines[1]):
        starts = [found.start() for found in re.finditer(r"-+", lines[1])]
        return lambda line: _under_dashes(line, starts)
    return _around_bars if _LISTED.fullmatch(lines[0]) else None


def _between_bars(line: str) -> list[str]:
    """`| a | b |`; what stands behind the last bar was cut."""
    return [cell.strip() for cell in line.split("|")[1:-1]] if line.startswith("|") else []


def _under_dashes(line: str, starts: list[int]) -> list[str]:
    if any(line[start - 1 : start].strip() for start in starts[1:]):  # between columns stand blanks
        return []
    ends = [*starts[1:], len(line)]
    cells = [line[begin:end].strip() for begin, end in zip(starts, ends, strict=True)]
    return cells if cells[0] else []


def _around_bars(line: str) -> list[str]:
    return line.split("|") if "|" in line else []
