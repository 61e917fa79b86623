"""Pages of SQLite's table b-trees, read without SQLite: children, cells, and records.

For following a table through thousands of transactions, where asking SQLite after each would take too long. Whatever
is damaged reads as absent: the integrity check is SQLite's own matter.
Source: sqlite.org/fileformat2.html, "B-tree Pages" and "Record Format".
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from forensics.limits import SQL_CELL_BYTES_MAX

Read = Callable[[int], bytes]
Value = int | float | bytes | str | None

_LEAF, _INTERIOR = 0x0D, 0x05
PAGE_HEADER = struct.Struct(">BHHHB")  # kind, first free block, cells, begin of their content, fragments
_FIXED = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8}  # serial types of numbers, and their bytes


@dataclass(frozen=True, slots=True)
class Cell:
    """A row as it lies in its leaf.

    Attributes:
        rowid: signed.
        size: bytes of the whole record.
        local: what of it lies in the leaf.
        overflow: page where it goes on; 0 where nothing does.
    """

    rowid: int
    size: int
    local: bytes
    overflow: int


def children(page: bytes, number: int) -> list[int] | None:
    """Children of an interior page of a table, the right-most last; None where it is none."""
    start = 100 if number == 1 else 0
    kind, _, count, _, _ = PAGE_HEADER.unpack_from(page, start)
    if kind != _INTERIOR:
        return None
    pointers = _pointers(page, start + 12, count)
    found = [int.from_bytes(page[at : at + 4], "big") for at in pointers if at + 4 <= len(page)]
    return [*found, int.from_bytes(page[start + 8 : start + 12], "big")]


def is_leaf(page: bytes, number: int) -> bool:
    """A leaf of a table."""
    return page[100 if number == 1 else 0] == _LEAF


def cells(page: bytes, number: int) -> dict[int, Cell]:
    """The rows of a leaf, by rowid."""
    start = 100 if number == 1 else 0
    kind, _, count, _, _ = PAGE_HEADER.unpack_from(page, start)
    found = {}
    if kind == _LEAF:
        for at in _pointers(page, start + 8, count):
            cell = _cell(page, at)
            if cell is not None:
                found[cell.rowid] = cell
    return found


def payload(cell: Cell, read: Read, page_size: int) -> bytes:
    """The whole record, its overflow pages included; shorter where the chain breaks, or comes back to itself."""
    seen: set[int] = set()
    pieces, left, page = [cell.local], min(cell.size, SQL_CELL_BYTES_MAX) - len(cell.local), cell.overflow
    while left > 0 and page and page not in seen:
        seen.add(page)
        content = read(page)
        page = int.from_bytes(content[:4], "big")
        pieces.append(content[4 : min(page_size, 4 + left)])
        left -= len(pieces[-1])
    return b"".join(pieces)


def record(data: bytes, columns: int) -> list[Value]:
    """The first values of a record, at most `columns`; a value that is cut off, or of no known type, ends them."""
    return list(islice(_values(data), columns))


def _values(data: bytes) -> Iterator[Value]:
    with suppress(IndexError):  # the record's head is cut off
        size, at = varint(data, 0)
        body = size
        while at < min(size, len(data)):
            serial, at = varint(data, at)
            length = value_bytes(serial)
            if body + length > len(data) or serial in (10, 11):
                break
            yield _value(serial, data[body : body + length])
            body += length


def value_bytes(serial: int) -> int:
    """Bytes of a value in a record, by its serial type."""
    return _FIXED.get(serial, (serial - 12) // 2 if serial >= 12 else 0)


def _value(serial: int, raw: bytes) -> Value:
    if serial >= 12:
        return raw.decode("utf-8", "backslashreplace") if serial % 2 else raw
    if serial == 7:
        number: float = struct.unpack(">d", raw)[0]
        return number
    if serial in (8, 9):
        return serial - 8
    return int.from_bytes(raw, "big", signed=True) if serial else None


def _pointers(page: bytes, at: int, count: int) -> tuple[int, ...]:
    count = min(count, (len(page) - at) // 2)
    return struct.unpack_from(f">{count}H", page, at)


def _cell(page: bytes, at: int) -> Cell | None:
    try:
        size, at = varint(page, at)
        rowid, at = varint(page, at)
    except IndexError:
        return None
    rowid = rowid - (1 << 64) if rowid >> 63 else rowid
    local = local_bytes(size, len(page), len(page) - 35)
    overflow = int.from_bytes(page[at + local : at + local + 4], "big") if local < size else 0
    return Cell(rowid, size, page[at : at + local], overflow)


def local_bytes(size: int, usable: int, most: int) -> int:
    """How many bytes of a record lie in its page, the rest being in overflow pages.

    Args:
        size: of the record.
        usable: bytes of the page.
        most: of a record that lies in the page whole.
    """
    if size <= most:
        return size
    least = (usable - 12) * 32 // 255 - 23
    local = least + (size - least) % (usable - 4)
    return local if local <= most else least


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A big-endian base-128 number of at most nine bytes, and the position behind it. Raises IndexError at the end."""
    value = 0
    for position in range(at, at + 8):
        byte = data[position]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, position + 1
    return value << 8 | data[at + 8], at + 9
