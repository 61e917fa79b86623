"""The damage of the third corpus: what loading accepts, and the rest of a start may not.

Checksums hold throughout: the snapshot's content is edited inside its frame, entries inside their batches. As in the
other corpora, order and draws are part of the record.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

import lz4.frame

from bench.agreement.damage import raft_files as first
from bench.agreement.damage import raft_files_and_names as second
from bench.agreement.damage.segments import seal
from bench.agreement.damage.snapshots import remeta
from bench.agreement.state import CLOSED, OPEN, SNAPSHOT, Operation, State, apply, edit, names, pick
from forensics.on_disk import PAGE_BYTES
from forensics.parsers.segment import Segment
from forensics.parsers.segment_walk import parse_segment

_Content = Callable[[random.Random, bytearray], bytearray]


def _inside(r: random.Random, state: State, change: _Content) -> None:
    """Edit the content of one snapshot, mostly the newest, and pack it again."""
    found = names(state, SNAPSHOT)
    if not found:
        return
    name = found[-1] if r.random() < 0.8 else r.choice(found)
    data = state[name] or b""
    try:
        content = bytearray(lz4.frame.decompress(data))
    except RuntimeError:
        return
    content = change(r, content)
    packed = lz4.frame.compress(bytes(content), content_checksum=True, store_size=True)
    state[name] = packed if r.random() < 0.8 else bytes(content)


def content_header(r: random.Random, state: State) -> None:
    """Another format, or another number of databases."""

    def change(r: random.Random, content: bytearray) -> bytearray:
        if len(content) >= 16:
            struct.pack_into("<Q", content, r.choice([0, 8]), r.choice([0, 1, 2, 1 << 40]))
        return content

    _inside(r, state, change)


def content_sizes(r: random.Random, state: State) -> None:
    """Another size of the database, or of its WAL."""

    def change(r: random.Random, content: bytearray) -> bytearray:
        end = content.find(b"\0", 16)
        at = 16 + (end - 16) // 8 * 8 + 8 if end >= 0 else len(content)
        if at + 16 <= len(content):
            at += r.choice([0, 8])
            size = struct.unpack_from("<Q", content, at)[0]
            wrong = [
                0,
                8,
                32,
                33,
                PAGE_BYTES,
                size + 1,
                size + 8,
                size + PAGE_BYTES,
                max(0, size - PAGE_BYTES),
                size - size % PAGE_BYTES,
            ]
            struct.pack_into("<Q", content, at, r.choice([*wrong, 1 << 33, 1 << 63, (1 << 64) - 1]))
        return content

    _inside(r, state, change)


def content_page(r: random.Random, state: State) -> None:
    """A bit, a stretch or a header field of the pages."""

    def change(r: random.Random, content: bytearray) -> bytearray:
        if len(content) < 200:
            return content
        kind = r.randrange(5)
        if kind == 0:
            content[r.randrange(len(content))] ^= 1 << r.randrange(8)
        elif kind == 1:
            at = r.randrange(len(content))
            content[at : at + 64] = bytes(len(content[at : at + 64]))
        else:
            at = content.find(b"SQLite format 3")
            if at >= 0:
                field, size = r.choice(
                    [(0, 4), (16, 2), (18, 1), (19, 1), (20, 1), (24, 4), (28, 4), (32, 4), (36, 4), (56, 4)]
                )
                value = r.choice([0, 1, 2, 3, 100, 1 << 20, 4096, 512])
                content[at + field : at + field + size] = (value & ((1 << 8 * size) - 1)).to_bytes(size, "big")
        return content

    _inside(r, state, change)


def content_cut(r: random.Random, state: State) -> None:
    """The content ends too early, or goes on."""

    def change(r: random.Random, content: bytearray) -> bytearray:
        if r.random() < 0.3:
            return content + bytes(r.choice([1, 8, PAGE_BYTES]))
        near = [0, 1, 7, 8, 15, 16, 20, 24, 31, 32, 40]
        return content[: r.choice([*near, r.randrange(len(content) + 1)])]

    _inside(r, state, change)


def content_names(r: random.Random, state: State) -> None:
    """A database with a very long name, without a name, or without an end of its name."""

    def change(r: random.Random, content: bytearray) -> bytearray:
        end = content.find(b"\0", 16)
        if end < 0:
            return content
        rest = content[16 + (end - 16) // 8 * 8 + 8 :]
        name = r.choice([b"x" * 7, b"a" * 300, b"db\xff"])
        return content[:16] + name + bytes(8 - len(name) % 8) + rest

    _inside(r, state, change)


def _entry(r: random.Random, state: State, change: Callable[[bytearray, Segment, int], None]) -> None:
    """Edit one entry, and make the checksums of its batch right again."""

    def damage_one(data: bytearray) -> bytearray:
        segment = parse_segment(bytes(data))
        if not len(segment):
            return data
        position = r.choice([0, len(segment) - 1, r.randrange(len(segment))])
        change(data, segment, position)
        at = max(start for start in segment.batches if start <= segment.offsets[position])
        return seal(data, at, body=True)

    edit(state, pick(r, state, CLOSED, OPEN), damage_one)


def command_header(r: random.Random, state: State) -> None:
    """A command of another format, type or name, or an empty one."""

    def change(data: bytearray, segment: Segment, position: int) -> None:
        at, size = segment.offsets[position], segment.sizes[position]
        if size >= 16:
            kind = r.randrange(4)
            if kind == 0:
                data[at] = r.choice([0, 2, 255])
            elif kind == 1:
                data[at + 1] = r.choice([0, 1, 2, 3, 4, 5, 255])
            elif kind == 2:
                data[at : at + size] = bytes(size)
            else:
                data[at + 8 : at + size] = b"n" * (size - 8)

    _entry(r, state, change)


def command_frames(r: random.Random, state: State) -> None:
    """A command with other numbers of pages, page numbers, or without its commit flag."""

    def change(data: bytearray, segment: Segment, position: int) -> None:
        at, size = segment.offsets[position], segment.sizes[position]
        end = data.find(b"\0", at + 8, at + size)
        header = at + 8 + (end - at - 8) // 8 * 8 + 8
        if size < 64 or end < 0 or header + 24 + 8 > at + size or data[at + 1] != 2:
            return
        kind = r.randrange(5)
        if kind == 0:
            data[header + 12] = 0
        elif kind == 1:
            struct.pack_into("<I", data, header + 16, r.choice([0, 1, 2, 100]))
        elif kind == 2:
            struct.pack_into("<H", data, header + 20, r.choice([512, 4096]))
        elif kind == 3:
            struct.pack_into("<Q", data, header + 24, r.choice([1, 2, 7, (1 << 31) - 1, 1 << 31, 1 << 40]))
        else:
            struct.pack_into("<Q", data, header, r.choice([0, 5]))

    _entry(r, state, change)


def entry_type(r: random.Random, state: State) -> None:
    """A command becomes a configuration change or a barrier, or the other way round."""

    def change(data: bytearray, segment: Segment, position: int) -> None:
        at = max(start for start in segment.batches if start <= segment.offsets[position])
        first = segment.firsts[segment.batches.index(at)]
        data[at + 16 + 16 * (position - first) + 8] = r.choice([1, 2, 3])

    _entry(r, state, change)


def change_entry(r: random.Random, state: State) -> None:
    """A configuration change with another format, count, id or role."""
    for name in names(state, CLOSED, OPEN):
        data = bytearray(state[name] or b"")
        segment = parse_segment(bytes(data))
        position = segment.types.rfind(3)
        if position < 0 or r.random() < 0.3:
            continue
        at = segment.offsets[position]
        kind = r.randrange(5)
        if kind == 0:
            data[at] = r.choice([0, 2])
        elif kind == 1:
            struct.pack_into("<Q", data, at + 1, r.choice([0, 2, 3]))
        elif kind == 2:
            struct.pack_into("<Q", data, at + 9, r.choice([0, 1, 5]))
        elif kind == 3:
            end = data.find(b"\0", at + 17)
            data[end + 1] = r.choice([0, 1, 2, 3])
        else:
            data[at + 17] = r.choice([0, 0x41])
        batch = max(start for start in segment.batches if start <= at)
        state[name] = bytes(seal(data, batch, body=True))
        return


_OWN: list[Operation] = [
    content_header,
    content_sizes,
    content_sizes,
    content_page,
    content_page,
    content_page,
    content_cut,
    content_names,
    command_header,
    command_header,
    command_frames,
    command_frames,
    entry_type,
    entry_type,
    change_entry,
    change_entry,
    remeta,
]


def damage(base: State, seed: int) -> tuple[State, list[str]]:
    """A damaged copy of `base`, and the names of the operations. Deterministic."""
    r = random.Random(f"third corpus {seed}")  # noqa: S311 - reproducible on purpose
    tables = [*[_OWN] * 8, second.OPERATIONS, first.OPERATIONS]
    return apply(r, base, [1, 1, 1, 1, 2], lambda: r.choice(r.choice(tables)))
