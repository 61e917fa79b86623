"""Damage to the content of segments; where an edit is resealed, so that the checks behind the checksums are reached."""

from __future__ import annotations

import random
import struct

from bench.agreement.state import CLOSED, OPEN, U64, State, edit, move, names, pick
from forensics.crc import crc32
from forensics.parsers.segment_walk import parse_segment


def reseal(r: random.Random, state: State) -> None:
    """A batch with another type, size, term or count, and with checksums that hold."""

    def change(data: bytearray) -> bytearray:
        segment = parse_segment(bytes(data))
        if not segment.batches:
            return data
        number = r.randrange(len(segment.batches))
        at = segment.batches[number]
        count = struct.unpack_from("<Q", data, at + 8)[0]
        entry = at + 16 + 16 * r.randrange(count)
        kind = r.randrange(5)
        if kind == 0:
            data[entry + 8] = r.choice([0, 4, 255])
        elif kind == 1:
            size = struct.unpack_from("<I", data, entry + 12)[0]
            wrong = r.choice([0, size + 8, max(0, size - 8), size + 4, 0xFFFFFFFF, max(0, size - 3)])
            struct.pack_into("<I", data, entry + 12, wrong)
        elif kind == 2:
            struct.pack_into("<Q", data, entry, r.choice([0, 1, 7, U64]))
        elif kind == 3:
            struct.pack_into("<Q", data, at + 8, r.choice([1, max(1, count - 1), count + 1]))
        else:
            data[entry + 8] = r.choice([1, 2, 3])
        return seal(data, at, body=r.random() < 0.8)

    edit(state, pick(r, state, CLOSED, OPEN), change)


def seal(data: bytearray, at: int, *, body: bool) -> bytearray:
    """Recompute the checksums of the batch at `at`, as far as it fits."""
    count = struct.unpack_from("<Q", data, at + 8)[0]
    start = at + 16 + 16 * count
    if start > len(data):
        return data
    struct.pack_into("<I", data, at, crc32(bytes(data[at + 8 : start])))
    size = sum(struct.unpack_from("<I", data, at + 28 + 16 * place)[0] for place in range(count))
    if body and start + size <= len(data):
        struct.pack_into("<I", data, at + 4, crc32(bytes(data[start : start + size])))
    return data


def cut_at_border(r: random.Random, state: State) -> None:
    """A segment ends exactly between two batches, or a few bytes beside."""

    def change(data: bytearray) -> bytearray:
        borders = [8, *parse_segment(bytes(data)).batches, len(data)]
        at = r.choice(borders) + r.choice([0, 0, 0, -8, -1, 1, 7, 8, 9, 15, 16, 17, 24, 31, 32])
        return data[: max(0, at)]

    edit(state, pick(r, state, CLOSED, OPEN), change)


def corrupt_batch(r: random.Random, state: State) -> None:
    """One bit of one batch, also in the middle of an open segment."""

    def change(data: bytearray) -> bytearray:
        segment = parse_segment(bytes(data))
        if segment.batches:
            at = r.choice(segment.batches) + r.randrange(40)
            if at < len(data):
                data[at] ^= 1 << r.randrange(8)
        return data

    edit(state, pick(r, state, OPEN, OPEN, CLOSED), change)


def tail(r: random.Random, state: State) -> None:
    """An open segment with something else after its batches."""

    def change(data: bytearray) -> bytearray:
        end = parse_segment(bytes(data)).good_end or len(data)
        zeros = bytes(r.choice([0, 8, 16, 64]))
        return data[:end] + zeros + r.choice([b"\1", r.randbytes(24), b"", bytes(data[8:end])])

    edit(state, pick(r, state, OPEN), change)


def tiny_segment(r: random.Random, state: State) -> None:
    """A segment of a few bytes."""
    name = pick(r, state, CLOSED, OPEN)
    size = r.choice([0, 1, 7, 8, 9, 15, 16, 23, 24, 32])
    fill = r.choice([bytes(32), struct.pack("<Q", 1) + bytes(24), struct.pack("<Q", 2) + bytes(24), b"\xff" * 32])
    edit(state, name, lambda _: fill[:size])


def more_open(r: random.Random, state: State) -> None:
    """Many open segments: copies, empty ones, zeros, with good and with odd numbers."""
    content = [state[name] for name in names(state, OPEN)] or [bytes(64)]
    for _ in range(r.choice([1, 2, 5, 40])):
        number = r.choice([r.randrange(1, 60), r.randrange(60), 10**19, U64])
        state[f"open-{number}"] = r.choice([*content, b"", bytes(8), bytes(512)])


def more_closed(r: random.Random, state: State) -> None:
    """Copies of closed segments under other ranges: overlaps, gaps, and orders that depend on the sort."""
    closed = names(state, CLOSED)
    for _ in range(r.choice([1, 1, 2, 4]) if closed else 0):
        name = r.choice(closed)
        first, last = map(int, name.split("-"))
        first = max(0, first + r.choice([-2, -1, 0, 0, 1, 2, 5]))
        last = max(0, last + r.choice([-5, -1, 0, 0, 1, 3]))
        to = f"{first:016d}-{last:016d}"
        state.setdefault(to, state[name])


def closed_extremes(r: random.Random, state: State) -> None:
    """A closed segment whose name claims the impossible."""
    name = pick(r, state, CLOSED)
    if name:
        pairs = [(0, 0), (0, 5), (5, 4), (9, 2), (1, 10**16 - 1), (10**16 - 1, 10**16 - 1), (2, 2 + (1 << 32))]
        first, last = r.choice(pairs)
        move(state, name, f"{first:016d}-{last:016d}")
