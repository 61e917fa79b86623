"""Damage to snapshots, their meta files and metadata1 and metadata2, with checksums that hold."""

from __future__ import annotations

import random
import struct

from bench.agreement.state import META, SNAPSHOT, U64, State, edit, pick
from bench.agreement.xxh32 import xxh32
from forensics.crc import crc32


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
            wrong = r.choice([0, 1, size + 1, max(0, size - 1), size // 2, size * 2, 1 << 42, 1 << 62, U64])
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
        new_index = r.choice([0, 1, int(index), int(index) + 1, int(index) + 3, max(0, int(index) - 2), U64, U64 - 1])
        to = f"snapshot-{new_term}-{new_index}-{r.choice([int(timestamp), 1, 10**15])}"
        state.setdefault(to, state[name])
        if r.random() < 0.9:
            state.setdefault(f"{to}.meta", state[f"{name}.meta"])


def metadata_sizes(r: random.Random, state: State) -> None:
    """Metadata files of every size and with numbers at their limits."""
    for name in r.choice([["metadata1"], ["metadata2"], ["metadata1", "metadata2"]]):
        version = r.choice([0, 1, 2, 3, 4, 5, U64, 1 << 63])
        content = struct.pack("<4Q", r.choice([1, 1, 1, 1, 0, 2, U64]), version, r.getrandbits(64), r.getrandbits(64))
        state[name] = (content + bytes(5000))[: r.choice([32, 32, 32, 32, 0, 1, 8, 31, 33, 64, 4096, 5000])]


def metadata_gone(r: random.Random, state: State) -> None:
    """One metadata file or both are missing."""
    for name in r.choice([["metadata1"], ["metadata2"], ["metadata1", "metadata2"]]):
        state.pop(name, None)
