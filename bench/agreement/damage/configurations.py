"""The damage of the fourth corpus: configurations that end early, with checksums that hold.

Order and draws are part of the record: append to the table of a new corpus, never change this one.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

from bench.agreement.damage.segments import seal
from bench.agreement.state import CLOSED, META, OPEN, Operation, State, apply, edit, names
from forensics.crc import crc32
from forensics.parsers.segment_walk import parse_segment

_CHANGE = 3
_HEADER = 32  # of a .meta: format, checksum, index, length


def cut_meta(r: random.Random, state: State) -> None:
    """The newest snapshot's configuration ends anywhere; its length says so, and its checksum holds."""

    def change(configuration: bytes) -> bytes:
        return configuration[: r.randrange(1, len(configuration) + 1)]

    _edit_newest(state, change)


def claim_meta(r: random.Random, state: State) -> None:
    """The newest snapshot's configuration claims another number of servers than it holds."""
    _edit_newest(state, lambda configuration: _claiming(configuration, r.choice([0, 1, 2, 3, 4, 5, 100, 1 << 40])))


def claim_change(r: random.Random, state: State) -> None:
    """A configuration in the log claims another number of servers than it holds."""
    found = [
        (name, batch, at)
        for name in names(state, CLOSED, OPEN)
        for batch, at in _changes(state[name] or b"")
    ]  # fmt: skip
    if not found:
        return
    name, batch, at = r.choice(found)
    claimed = r.choice([0, 1, 2, 3, 4, 5, 100])

    def change(data: bytearray) -> bytearray:
        struct.pack_into("<Q", data, at + 1, claimed)
        return seal(data, batch, body=True)

    edit(state, name, change)


OPERATIONS: list[Operation] = [cut_meta, cut_meta, claim_meta, claim_change]


def damage(base: State, seed: int) -> tuple[State, list[str]]:
    """A damaged copy of `base`, and the name of the operation. Deterministic."""
    r = random.Random(f"fourth corpus {seed}")  # noqa: S311 - reproducible on purpose
    table = OPERATIONS if names(base, META) else [claim_change]
    return apply(r, base, [1], lambda: r.choice(table))


def _edit_newest(state: State, change: Callable[[bytes], bytes]) -> None:
    """The .meta of the newest snapshot, sealed again."""
    name = max(names(state, META), key=lambda one: [int(part) for part in one.removesuffix(".meta").split("-")[1:]])
    data = state[name] or b""
    index, length = struct.unpack_from("<QQ", data, 16)
    configuration = change(data[_HEADER : _HEADER + length])
    head = struct.pack("<QQ", index, len(configuration))
    checksum = crc32(configuration, crc32(head))
    state[name] = struct.pack("<QQ", 1, checksum) + head + configuration


def _claiming(configuration: bytes, servers: int) -> bytes:
    return configuration[:1] + struct.pack("<Q", servers) + configuration[9:]


def _changes(data: bytes) -> list[tuple[int, int]]:
    """(offset of its batch, offset of its payload) of each configuration in a segment."""
    found = []
    for batch in parse_segment(data).batches:
        count = struct.unpack_from("<Q", data, batch + 8)[0]
        at = batch + 16 + 16 * count
        for place in range(count):
            header = batch + 16 + 16 * place
            if data[header + 8] == _CHANGE:
                found.append((batch, at))
            at += struct.unpack_from("<I", data, header + 12)[0]
    return found
