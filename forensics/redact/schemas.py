"""Overflow pages that hold the end of a CREATE statement: schemas stay, so these stay up to the statement's end.

A page does not say whose it is; the row of sqlite_schema that it goes on from does, where both are written together.
Source: sqlite.org/fileformat2.html, "Cell Payload Overflow Pages", "Storage Of The SQL Database Schema".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from forensics.on_disk import SQLITE_HEADER_BYTES
from forensics.parsers.sqlite_page import varint
from forensics.redact.records import is_of_schema

_TABLE_LEAF = 0x0D
_NEXT_BYTES = 4


def continued(page: bytes, number: int, cells: Iterator[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    """First overflow page of each long row of sqlite_schema in a page, and how many bytes go on there.

    Args:
        page: a page.
        number: its number.
        cells: where each cell begins, where its record does, and where the record's part in the page ends.
    """
    if page[SQLITE_HEADER_BYTES if number == 1 else 0] != _TABLE_LEAF:
        return
    for start, record, end in cells:
        size, _ = varint(page, start)
        if size > end - record and is_of_schema(page[record:end]):
            yield int.from_bytes(page[end : end + _NEXT_BYTES], "big"), size - (end - record)


def chain(pages: Mapping[int, bytes], number: int, size: int) -> Iterator[tuple[bytes, int]]:
    """Each page from `number` on that is there, and how many of its bytes are kept, the next page's number included."""
    while size > 0 and (page := pages.get(number)):
        held = min(size, len(page) - _NEXT_BYTES)
        yield page, _NEXT_BYTES + held
        size -= held
        number = int.from_bytes(page[:_NEXT_BYTES], "big")
