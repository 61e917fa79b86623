"""Writes a bbolt file, the store of etcd: buckets of sorted pairs, each once, never changed afterwards.

Pages are written in one pass, a bucket's leaves first and its branches behind them; the two meta pages come last.
Source: go.etcd.io/bbolt page.go, bucket.go, db.go (structures of little-endian integers); docs/reference/etcd.md#bbolt.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, Final

_PAGE: Final = 4096
_MAGIC: Final = 0xED0CDAED
_VERSION: Final = 2
_PAGE_HEADER: Final = struct.Struct("<QHHI")  # page, flags, elements, further pages of this one
_BRANCH, _LEAF, _META, _FREELIST = 0x01, 0x02, 0x04, 0x10
_LEAF_ELEMENT: Final = struct.Struct("<IIII")  # flags, distance to the key, bytes of the key, of the value
_BRANCH_ELEMENT: Final = struct.Struct("<IIQ")  # distance to the key, bytes of the key, page
_BUCKET_FLAG: Final = 0x01
_BUCKET: Final = struct.Struct("<QQ")  # page of its root, its sequence
_META_FIELDS: Final = struct.Struct("<IIIIQQQQQ")  # magic, version, page size, flags, root, sequence, free, high, txid
_ELEMENTS_MAX: Final = 0xFFFF
_META_PAGES: Final = 2
_FREELIST_PAGE: Final = 2

Pair = tuple[bytes, bytes]


class BoltWriter:
    """A new bbolt file.

    Args:
        file: empty, and open for writing at any place.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._next = _META_PAGES
        self._buckets: list[Pair] = []
        file.write(bytes(_META_PAGES * _PAGE))
        self._page(_FREELIST, 0, b"")

    def bucket(self, name: bytes, pairs: Iterable[Pair]) -> None:
        """Write one bucket, its keys in order and each once."""
        self._buckets.append((name, _BUCKET.pack(self._tree(pairs, 0), 0)))

    def close(self) -> None:
        """Write the root, and what leads to it. The file is whole then; its size is a multiple of 4096 bytes."""
        root = self._tree(sorted(self._buckets), _BUCKET_FLAG)
        high = self._next
        for number in range(_META_PAGES):
            fields = _META_FIELDS.pack(_MAGIC, _VERSION, _PAGE, 0, root, 0, _FREELIST_PAGE, high, number)
            meta = _PAGE_HEADER.pack(number, _META, 0, 0) + fields + struct.pack("<Q", _fnv1a(fields))
            self._file.seek(number * _PAGE)
            self._file.write(meta)

    def _tree(self, pairs: Iterable[Pair], flags: int) -> int:
        """The page of the tree's root."""
        level = [self._leaf(group, flags) for group in _groups(pairs, _LEAF_ELEMENT.size)]
        if not level:
            return self._page(_LEAF, 0, b"")
        while len(level) > 1:
            children = ((key, struct.pack("<Q", page)) for key, page in level)
            level = [self._branch(group) for group in _groups(children, _BRANCH_ELEMENT.size)]
        return level[0][1]

    def _leaf(self, pairs: Sequence[Pair], flags: int) -> tuple[bytes, int]:
        distance = len(pairs) * _LEAF_ELEMENT.size  # from an element to its key
        elements = bytearray()
        for key, value in pairs:
            elements += _LEAF_ELEMENT.pack(flags, distance, len(key), len(value))
            distance += len(key) + len(value) - _LEAF_ELEMENT.size
        content = b"".join(part for pair in pairs for part in pair)
        return pairs[0][0], self._page(_LEAF, len(pairs), bytes(elements) + content)

    def _branch(self, children: Sequence[Pair]) -> tuple[bytes, int]:
        distance = len(children) * _BRANCH_ELEMENT.size
        elements = bytearray()
        for key, page in children:
            elements += _BRANCH_ELEMENT.pack(distance, len(key), *struct.unpack("<Q", page))
            distance += len(key) - _BRANCH_ELEMENT.size
        return children[0][0], self._page(
            _BRANCH, len(children), bytes(elements) + b"".join(key for key, _ in children)
        )

    def _page(self, flags: int, elements: int, content: bytes) -> int:
        """Write one page, and as many more behind it as its content takes."""
        number = self._next
        pages = -(-(_PAGE_HEADER.size + len(content)) // _PAGE)
        self._next += pages
        self._file.write(_PAGE_HEADER.pack(number, flags, elements, pages - 1) + content)
        self._file.write(bytes(pages * _PAGE - _PAGE_HEADER.size - len(content)))
        return number


def _groups(pairs: Iterable[Pair], element: int) -> Iterator[list[Pair]]:
    """What goes into one page: as much as fits, or one pair alone that does not."""
    group: list[Pair] = []
    size = _PAGE_HEADER.size
    for key, value in pairs:
        more = element + len(key) + len(value)
        if group and (size + more > _PAGE or len(group) == _ELEMENTS_MAX):
            yield group
            group, size = [], _PAGE_HEADER.size
        group.append((key, value))
        size += more
    if group:
        yield group


def _fnv1a(data: bytes) -> int:
    """FNV-1a of 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value
