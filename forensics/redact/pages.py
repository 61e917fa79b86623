"""One page of a database, replaced byte by byte where its content stands; what it is, and where its cells lie, stays.

A page is judged by itself, because a command of the log carries pages without what they belong to. A page of a b-tree
keeps its header, its list of cells and each cell's frame; its records go through records.py. Everything that no cell
holds goes: deleted rows, freed blocks, the gap. Any other page is a part of a long value, or free.
Source: sqlite.org/fileformat2.html, "B-tree Pages", "The Freelist".
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from forensics.on_disk import SQLITE_HEADER_BYTES, SQLITE_MAGIC
from forensics.parsers.sqlite_page import PAGE_HEADER, local_bytes, varint
from forensics.redact.records import cleaned_record
from forensics.redact.schemas import chain, continued
from forensics.redact.stale import blank, filled
from forensics.redact.texts import Texts

_INDEX_INTERIOR, _TABLE_INTERIOR, _INDEX_LEAF, _TABLE_LEAF = 0x02, 0x05, 0x0A, 0x0D
_KINDS = {_INDEX_INTERIOR: 12, _TABLE_INTERIOR: 12, _INDEX_LEAF: 8, _TABLE_LEAF: 8}  # and the bytes of their headers
_RESERVED_FROM, _RESERVED_TO = 72, 92  # of the file's header, "for expansion"
_ENCODING, _UTF_16 = slice(56, 60), (2, 3)  # of the file's header
# Of auto_vacuum: what each page is, and the page that it hangs on, if it does; numbers up to 2^22, so of no letters.
# Source: sqlite.org/fileformat2.html, "Pointer Map or Ptrmap Pages".
_POINTER_MAP = re.compile(rb"(?:[\1\2]\0{4}|[\3-\5]\0(?!\0{3})[\0-\x3f]..)+\0*", re.DOTALL)
_REMEMBERED_MAX = 16_384  # 64 MiB of pages


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where a cell lies in its page, and its record's part there."""

    start: int
    record: int
    record_end: int
    end: int


class Pages:
    """The pages of one run. Nodes of a cluster hold the same ones, and the log holds many again and again.

    Attributes:
        texts: what their texts go through.
    """

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self._known: OrderedDict[bytes, bytes] = OrderedDict()
        self._settled = texts.settled
        self._of_schemas: dict[bytes, int] = {}

    def together(self, pages: Mapping[int, bytes]) -> None:
        """Pages that were written together, by their numbers: remember those on which a schema goes on."""
        for number, page in pages.items():
            if b"CREATE" in page and (cells := _cells(page, SQLITE_HEADER_BYTES if number == 1 else 0)):
                places = ((cell.start, cell.record, cell.record_end) for cell in cells)
                for first, size in continued(page, number, places):
                    self._of_schemas.update(chain(pages, first, size))

    def cleaned(self, page: bytes, number: int) -> bytes:
        """See cleaned_page."""
        kept = self._of_schemas.get(page)
        if kept is not None:
            return page[:kept] + blank(page[kept:])
        if self._settled != self.texts.settled:
            self._settled = self.texts.settled
            self._known.clear()
        about = hashlib.blake2b(page, digest_size=16, salt=b"1" if number == 1 else b"").digest()
        found = self._known.get(about)
        if found is None:
            found = cleaned_page(page, number, self.texts)
            self._known[about] = found if self._settled else b""
            if len(self._known) > _REMEMBERED_MAX:
                self._known.popitem(last=False)
        return found or page


def cleaned_page(page: bytes, number: int, texts: Texts) -> bytes:
    """The page without its content, as long as it was. Never raises: what cannot be read is blank."""
    start = SQLITE_HEADER_BYTES if number == 1 else 0
    if len(page) < start + 12:
        return blank(page)
    if start:
        page = page[:_RESERVED_FROM] + blank(page[_RESERVED_FROM:_RESERVED_TO]) + page[_RESERVED_TO:]
    if start and not page.startswith(SQLITE_MAGIC):
        texts.counts["pages that cannot be read"] += 1
        return blank(page)
    if start and int.from_bytes(page[_ENCODING], "big") in _UTF_16:
        texts.counts["databases in UTF-16, which SQLite does not open in the copy"] += 1
    if number > 1 and _POINTER_MAP.fullmatch(page):
        return page
    if page[start] not in _KINDS:
        return page[:start] + _other(page[start:], texts)
    cells = _cells(page, start)
    if cells is None:
        texts.counts["pages that cannot be read"] += 1
        return blank(page)
    return _tree_page(page, start, cells, texts)


def _tree_page(page: bytes, start: int, cells: list[_Cell], texts: Texts) -> bytes:
    new = bytearray(blank(page))
    kind, free, count, _, _ = PAGE_HEADER.unpack_from(page, start)
    lists = start + _KINDS[kind] + 2 * count
    new[:lists] = page[:lists]
    _keep_free_blocks(page, new, free)
    for cell in cells:
        new[cell.start : cell.record] = page[cell.start : cell.record]
        new[cell.record_end : cell.end] = page[cell.record_end : cell.end]
        raw = page[cell.record : cell.record_end]
        record = cleaned_record(raw, texts) if raw else b""
        if record is None:
            texts.counts["rows that cannot be read"] += 1
            record = blank(raw)
        new[cell.record : cell.record_end] = record
    return bytes(new)


def _cells(page: bytes, start: int) -> list[_Cell] | None:
    """Each cell of a page of a b-tree; None where they are not all in it, or lie over each other."""
    kind, _, count, _, _ = PAGE_HEADER.unpack_from(page, start)
    lists = start + _KINDS[kind]
    if lists + 2 * count > len(page):
        return None
    try:
        found = [_cell(page, kind, at) for at in struct.unpack_from(f">{count}H", page, lists)]
    except IndexError:
        return None
    found.sort(key=lambda cell: cell.start)
    ends = [lists + 2 * count, *(cell.end for cell in found)]
    starts = [*(cell.start for cell in found), len(page)]
    return found if all(end <= begin for end, begin in zip(ends, starts, strict=True)) else None


def _cell(page: bytes, kind: int, at: int) -> _Cell:
    """Raises IndexError where it goes beyond the page's end."""
    start = at
    if kind in (_INDEX_INTERIOR, _TABLE_INTERIOR):
        at += 4
    if kind == _TABLE_INTERIOR:
        _, at = varint(page, at)
        return _Cell(start, at, at, at)
    size, at = varint(page, at)
    if kind == _TABLE_LEAF:
        _, at = varint(page, at)
    usable = len(page)
    local = local_bytes(size, usable, usable - 35 if kind == _TABLE_LEAF else (usable - 12) * 64 // 255 - 23)
    end = at + local + (4 if local < size else 0)
    if end > len(page):
        raise IndexError
    return _Cell(start, at, at + local, max(end, start + 4))


def _keep_free_blocks(page: bytes, new: bytearray, at: int) -> None:
    """Freed blocks of a page are a list: each begins with where the next is, and its own size."""
    seen: set[int] = set()
    while 0 < at <= len(page) - 4 and at not in seen:
        seen.add(at)
        new[at : at + 4] = page[at : at + 4]
        at = int.from_bytes(page[at : at + 2], "big")


def _are_pages(numbers: bytes) -> bool:
    """Numbers of pages below 2^24, none of them twice: a text of four bytes a letter is none."""
    words = {numbers[at : at + 4] for at in range(0, len(numbers), 4)}
    return len(words) == len(numbers) // 4 and bytes(4) not in words and not any(numbers[::4])


def _other(page: bytes, texts: Texts) -> bytes:
    """A part of a long value, or a free page, whose first word is the next page's number; or a list of free pages."""
    if not any(page):
        return page
    count = int.from_bytes(page[4:8], "big")
    numbers = page[8 : 8 + 4 * count]
    if count > 0 and 8 + 4 * count <= len(page) and _are_pages(numbers):
        return page[: 8 + 4 * count] + blank(page[8 + 4 * count :])
    if count == 0:
        return page[:8] + blank(page[8:])
    return page[:4] + filled(page[4:], texts.key)
