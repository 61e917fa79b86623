"""The damage of the second corpus: everything of the first, and what needs a steadier hand.

Checksums are made right again after an edit, so that the checks behind them are reached; names are bent in every
way that sscanf accepts; sub-directories stand where files are expected. Order and draws are part of the record, as in
damage_given.py: append to the table of a new corpus, never change this one.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

from forensics.crc import crc32
from forensics.forecast.agreement import damage_given
from forensics.forecast.agreement.state import (
    CLOSED,
    META,
    METADATA,
    OPEN,
    SNAPSHOT,
    Operation,
    State,
    edit,
    move,
    names,
    pick,
)
from forensics.forecast.agreement.xxh32 import xxh32
from forensics.parsers.segment import parse_segment

_U64 = (1 << 64) - 1


# --- segments ---


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
            struct.pack_into("<Q", data, entry, r.choice([0, 1, 7, _U64]))
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
        number = r.choice([r.randrange(1, 60), r.randrange(60), 10**19, _U64])
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


# --- names ---


def bend_name(r: random.Random, state: State) -> None:
    """A name that sscanf reads like the one it was, or no longer does."""
    name = pick(r, state, CLOSED, OPEN, SNAPSHOT, META)
    if not name:
        return
    if name.startswith("open-"):
        number = name[5:]
        forms = ["open-0{}", "open-+{}", "open- {}", "open--{}", "open-{} ", "open-\t{}", "open-0x{}", "open-{}.bak"]
        forms += ["open-" + "0" * 27 + "{}", "open-" + "0" * 28 + "{}", "open-" + "0" * 40 + "{}", "OPEN-{}"]
        to = r.choice(forms).format(number)
    elif name.startswith("snapshot-"):
        _, rest = name.split("-", 1)
        forms = ["snapshot-0{}", "snapshot-+{}", "snapshot- {}", "snapshot-{}.meta", "snapshot-{} ", "snapshot--{}"]
        to = r.choice(forms).format(rest)
    else:
        first, last = map(int, name.split("-"))
        forms = ["{}-{}", " {}-{}", "+{}-{}", "{}- {}", "{}-+{}", "{:017d}-{}", "{}-{} ", "-{}-{}", "{:05d}-{:05d}"]
        forms += ["{:015d}-{:017d}", "{} -{}", "{}-{}\n", "{:016d}-{:016d}.bak", "{:016d}-" + " " * 9 + "{:016d}"]
        to = r.choice(forms).format(first, last)
    state.setdefault(to, state[name])
    if r.random() < 0.7:
        del state[name]


def long_names(r: random.Random, state: State) -> None:
    """Names around the 128 bytes that the library has room for."""
    for _ in range(r.choice([1, 1, 2])):
        size = r.choice([126, 127, 128, 129, 200])
        head = r.choice(["tmp-", "open-", "snapshot-", "x", "corrupt-1-", "ä"])
        if head == "snapshot-":
            suffix = r.choice(["1-5-7", "1-5-7.meta"])
            name = head + "0" * (size - len(head) - len(suffix)) + suffix
        else:
            name = head + "0" * (size - len(head.encode()) - 1) + "1"
        state[name] = r.choice([b"", bytes(64), b"x"])


def directories(r: random.Random, state: State) -> None:
    """A sub-directory where a file is, or could be."""
    candidates = names(state, CLOSED, OPEN, SNAPSHOT, META, METADATA)
    candidates += ["tmp-x", "snapshot-9-9-9", "snapshot-9-9-9.meta", ".probe", "metadata2", "open-99", "database"]
    for name in r.sample(candidates, min(len(candidates), r.choice([1, 1, 2]))):
        state[name] = None


_STRAYS = [
    "tmp-snapshot-1-2-3",
    "tmp-",
    "tmp",
    ".probe",
    ".probe_fallocate",
    "snapshot-1-99999-1",
    "snapshot-1-3-1.meta",
    "snapshot-3-4-5",
    "snapshot-3-4-5.meta",
    "corrupt-5-0000000000000001-0000000000000001",
    "server-info",
]


def strays(r: random.Random, state: State) -> None:
    """Left-overs that loading cleans up, or does not."""
    for _ in range(r.choice([1, 2, 3])):
        name = r.choice(_STRAYS)
        state.setdefault(name, r.choice([b"", b"x" * 50, bytes(40)]))


# --- snapshots ---


def remeta(r: random.Random, state: State) -> None:
    """A meta file with another configuration or index, and with a checksum that holds."""

    def change(data: bytearray) -> bytearray:
        if len(data) < 49:
            return data
        kind = r.randrange(8)
        if kind == 0:
            data[32] = r.choice([0, 2, 255])
        elif kind == 1:
            struct.pack_into("<Q", data, 33, r.choice([0, 1, 2, 3, 4, 5, 100, 1 << 40]))
        elif kind == 2:
            data[32 + r.randrange(len(data) - 32)] = r.choice([0, 1, 2, 3, 0x31])
        elif kind == 3:
            struct.pack_into("<Q", data, 41, r.choice([0, 2, 3]))
        elif kind == 4:
            struct.pack_into("<Q", data, 16, r.choice([0, 1, 1 << 50]))
        elif kind == 5:
            data = data[: 32 + r.randrange(1, len(data) - 31)]
        elif kind == 6:
            data += r.randbytes(r.choice([1, 8, 64]))
        else:
            data[32:] = _servers(r)
        if r.random() < 0.9:
            struct.pack_into("<Q", data, 24, len(data) - 32)
        numbers_and_servers = bytes(data[16 : 32 + struct.unpack_from("<Q", data, 24)[0]])
        struct.pack_into("<Q", data, 8, crc32(numbers_and_servers) | r.choice([0, 0, 1 << 32]))
        return data

    edit(state, pick(r, state, META), change)


def _servers(r: random.Random) -> bytes:
    """A configuration of up to four servers that may contradict each other."""
    count = r.randrange(5)
    data = struct.pack("<BQ", 1, count)
    for _ in range(count):
        identity = r.choice([0, 1, 2, 3, 4, 5, r.getrandbits(64)])
        address = r.choice([b"", b"a", b"127.0.0.1:9001", b"127.0.0.1:9002", b"node:1"])
        data += struct.pack("<Q", identity) + address + bytes([0, r.choice([0, 1, 1, 2, 2, 3])])
    return data + bytes(-len(data) % 8)


def reframe(r: random.Random, state: State) -> None:
    """An LZ4 frame with another header, whose header checksum holds; or with other block sizes."""

    def change(data: bytearray) -> bytearray:
        if len(data) < 20 or data[:4] != b"\x04\x22\x4d\x18":
            return data
        kind = r.randrange(7)
        size = struct.unpack_from("<Q", data, 6)[0]
        if kind == 0:
            wrong = r.choice([0, 1, size + 1, max(0, size - 1), size // 2, size * 2, 1 << 42, 1 << 62, _U64])
            struct.pack_into("<Q", data, 6, wrong)
        elif kind == 1:
            data[4] ^= 1 << r.randrange(8)
        elif kind == 2:
            data[5] ^= 1 << r.randrange(8)
        elif kind == 3:
            struct.pack_into("<I", data, 15, r.choice([0, 1, 5, 65536, 65537, 1 << 31, 0xFFFFFFFF]))
        elif kind == 4:
            return data[: r.choice([4, 5, 6, 7, 8, 14, 15, 18, 19, 20, len(data) - 4, len(data) - 8, len(data) - 9])]
        elif kind == 5:
            return data + r.choice([b"\0", r.randbytes(16), bytes(data)])
        else:
            struct.pack_into("<I", data, len(data) - 4, r.getrandbits(32))
        if r.random() < 0.9:
            data[14] = xxh32(bytes(data[4:14])) >> 8 & 0xFF
        return data

    edit(state, pick(r, state, SNAPSHOT), change)


def replace_data(r: random.Random, state: State) -> None:
    """Something else where the snapshot's data was."""
    name = pick(r, state, SNAPSHOT)
    if name:
        skippable = struct.pack("<II", 0x184D2A50, 8) + bytes(8)
        raw = struct.pack("<QQ", 1, 0)
        state[name] = r.choice(
            [b"", b"abc", raw, raw + bytes(500), skippable, b"\x04\x22\x4d", b"\x02\x21\x4c\x18" * 4]
        )


def more_snapshots(r: random.Random, state: State) -> None:
    """Copies of a snapshot under other numbers: another one becomes the newest."""
    for _ in range(r.choice([1, 1, 2])):
        name = pick(r, state, SNAPSHOT)
        if not name or f"{name}.meta" not in state:
            return
        _, term, index, timestamp = name.split("-")
        new_term = max(0, int(term) + r.choice([-1, 0, 0, 1]))
        new_index = r.choice([0, 1, int(index), int(index) + 1, int(index) + 3, max(0, int(index) - 2), _U64, _U64 - 1])
        to = f"snapshot-{new_term}-{new_index}-{r.choice([int(timestamp), 1, 10**15])}"
        state.setdefault(to, state[name])
        if r.random() < 0.9:
            state.setdefault(f"{to}.meta", state[f"{name}.meta"])


# --- metadata ---


def metadata_sizes(r: random.Random, state: State) -> None:
    """Metadata files of every size and with numbers at their limits."""
    for name in r.choice([["metadata1"], ["metadata2"], ["metadata1", "metadata2"]]):
        version = r.choice([0, 1, 2, 3, 4, 5, _U64, 1 << 63])
        content = struct.pack("<4Q", r.choice([1, 1, 1, 1, 0, 2, _U64]), version, r.getrandbits(64), r.getrandbits(64))
        state[name] = (content + bytes(5000))[: r.choice([32, 32, 32, 32, 0, 1, 8, 31, 33, 64, 4096, 5000])]


def metadata_gone(r: random.Random, state: State) -> None:
    """One metadata file or both are missing."""
    for name in r.choice([["metadata1"], ["metadata2"], ["metadata1", "metadata2"]]):
        state.pop(name, None)


OPERATIONS: list[Operation] = [
    reseal,
    reseal,
    cut_at_border,
    cut_at_border,
    corrupt_batch,
    corrupt_batch,
    tail,
    tiny_segment,
    more_open,
    more_closed,
    more_closed,
    closed_extremes,
    bend_name,
    bend_name,
    long_names,
    directories,
    strays,
    remeta,
    remeta,
    reframe,
    reframe,
    replace_data,
    more_snapshots,
    metadata_sizes,
    metadata_gone,
]


def damage(base: State, seed: int) -> tuple[State, list[str]]:
    """A damaged copy of `base`, and the names of the one to four operations. Deterministic."""
    r = random.Random(f"second corpus {seed}")  # noqa: S311 - reproducible on purpose
    state = dict(base)
    done = []
    for _ in range(r.choice([1, 1, 1, 2, 2, 3, 4])):
        table: list[Operation] = r.choice([OPERATIONS, OPERATIONS, damage_given.OPERATIONS])
        operation: Callable[[random.Random, State], None] = r.choice(table)
        operation(r, state)
        done.append(operation.__name__)
    return state, done
