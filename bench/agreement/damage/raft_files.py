"""The damage of the first corpus: one to three of these a seed.

The order of the table and of every draw from the generator is part of the record: seed and base must give the same
bytes for ever.
"""

from __future__ import annotations

import random
import struct

from bench.agreement.state import (
    CLOSED,
    META,
    METADATA,
    OPEN,
    SNAPSHOT,
    Operation,
    State,
    apply,
    edit,
    move,
    names,
    pick,
)

_ANY = (CLOSED, OPEN, SNAPSHOT, META)


def bitflip(r: random.Random, state: State) -> None:
    """One bit anywhere, or in the first 256 bytes."""

    def change(data: bytearray) -> bytearray:
        if data:
            high = len(data) if r.random() < 0.5 else min(len(data), 256)
            at = r.randrange(high)
            data[at] ^= 1 << r.randrange(8)
        return data

    edit(state, pick(r, state, *_ANY), change)


def bitflip_last(r: random.Random, state: State) -> None:
    """One bit of the last closed segment."""

    def change(data: bytearray) -> bytearray:
        if data:
            at = r.randrange(len(data))
            data[at] ^= 1 << r.randrange(8)
        return data

    closed = names(state, CLOSED)
    edit(state, closed[-1] if closed else None, change)


def truncate(r: random.Random, state: State) -> None:
    """Cut at a header's borders, anywhere, or shortly before the end."""

    def change(data: bytearray) -> bytearray:
        anywhere = r.randrange(len(data) + 1)
        near_end = max(0, len(data) - r.randrange(1, 64))
        return data[: r.choice([0, 1, 4, 7, 8, 12, 16, 24, anywhere, near_end])]

    edit(state, pick(r, state, *_ANY), change)


def extend(r: random.Random, state: State) -> None:
    """Zeros or noise at the end."""
    name = pick(r, state, *_ANY)
    count = r.choice([1, 8, 16, 512, 4096])
    edit(state, name, lambda data: data + (bytes(count) if r.random() < 0.6 else r.randbytes(count)))


def zero_range(r: random.Random, state: State) -> None:
    """A stretch of zeros: a lost write."""

    def change(data: bytearray) -> bytearray:
        if len(data) >= 16:
            at = r.randrange(len(data)) & ~7
            count = r.choice([8, 64, 512, 4096, 65536])
            data[at : at + count] = bytes(len(data[at : at + count]))
        return data

    edit(state, pick(r, state, CLOSED, OPEN, SNAPSHOT), change)


def zero_header(r: random.Random, state: State) -> None:
    """A segment without its format word."""
    edit(state, pick(r, state, CLOSED, OPEN), lambda data: bytearray(8) + data[8:])


def bad_format(r: random.Random, state: State) -> None:
    """Another format word."""
    name = pick(r, state, CLOSED, OPEN, META)
    value = r.choice([0, 2, 3, 255, 1 << 32])
    edit(state, name, lambda data: struct.pack("<Q", value) + data[8:])


def delete(r: random.Random, state: State) -> None:
    """One file is gone."""
    name = pick(r, state, *_ANY, METADATA)
    if name:
        del state[name]


def delete_first_closed(_: random.Random, state: State) -> None:
    """The oldest closed segment is gone."""
    for name in names(state, CLOSED)[:1]:
        del state[name]


def delete_last_closed(_: random.Random, state: State) -> None:
    """The newest closed segment is gone."""
    for name in names(state, CLOSED)[-1:]:
        del state[name]


def delete_all_snapshots(_: random.Random, state: State) -> None:
    """No snapshot is left."""
    for name in names(state, SNAPSHOT, META):
        del state[name]


def delete_all_segments(r: random.Random, state: State) -> None:
    """No closed segment is left, perhaps no open one either."""
    for name in names(state, CLOSED) + (names(state, OPEN) if r.random() < 0.5 else []):
        del state[name]


def rename_shift(r: random.Random, state: State) -> None:
    """A closed segment claims another range."""
    closed = names(state, CLOSED)
    if not closed:
        return
    name = r.choice(closed)
    first, last = map(int, name.split("-"))
    by = r.choice([-1, 1, 2, 10, 1000])
    if r.random() < 0.5:
        first = max(1, first + by)
    if r.random() < 0.7:
        last = max(first, last + by)
    to = f"{first:016d}-{last:016d}"
    if to not in state:
        move(state, name, to)


def overlap_copy(r: random.Random, state: State) -> None:
    """A second closed segment over the same range: a truncation that a crash interrupted."""
    closed = names(state, CLOSED)
    if not closed:
        return
    name = r.choice(closed)
    first, last = map(int, name.split("-"))
    to = f"{first:016d}-{max(first, last - r.choice([1, 2, 5])):016d}"
    if to not in state:
        state[to] = state[name]


def renumber_open(r: random.Random, state: State) -> None:
    """An open segment takes another place in the order."""
    opened = names(state, OPEN)
    if not opened:
        return
    name = r.choice(opened)
    to = f"open-{r.choice([1, 2, 9, 10, 99, 12345678901])}"
    if to not in state:
        move(state, name, to)


_ODD_NAMES = [
    "tmp-00000",
    "corrupt-123-open-1",
    "0000000000000001-0000000000000002.bak",
    "open-1.old",
    "1-1",
    "open-",
    "open-x",
    "snapshot-1-5-7.meta",
    "snapshot-1-5-7",
    "metadata3",
    "0000000000000000-0000000000000000",
    "db.bin",
]


def odd_names(r: random.Random, state: State) -> None:
    """Files that nobody expects."""
    for name in r.sample(_ODD_NAMES, 3):
        if name not in state:
            state[name] = r.choice([b"", b"\0" * 64, r.randbytes(40)])


def metadata_same(_: random.Random, state: State) -> None:
    """Both metadata files are the same."""
    if "metadata1" in state:
        state["metadata2"] = state["metadata1"]
    elif "metadata2" in state:
        state["metadata1"] = state["metadata2"]


def metadata_edit(r: random.Random, state: State) -> None:
    """A metadata file with other numbers, or of another size."""
    name = r.choice(["metadata1", "metadata2"])
    values = [
        r.choice([1, 1, 1, 0, 2]),
        r.choice([0, 1, 2, 3, 1000, 2**63]),
        r.choice([0, 1, 2, 7, 2**40]),
        r.choice([0, 1, 3297041220608546238]),
    ]
    size = r.choice([32, 32, 32, 31, 0, 33, 40])
    state[name] = (struct.pack("<4Q", *values) + bytes(16))[:size]


def meta_conf(r: random.Random, state: State) -> None:
    """Another number in a snapshot's meta header."""

    def change(data: bytearray) -> bytearray:
        if len(data) >= 32:
            at = r.choice([8, 16, 24])
            value = r.choice([0, 1, 64, 88, 1 << 20, (1 << 20) + 1, 2**40])
            data[at : at + 8] = struct.pack("<Q", value)
        return data

    edit(state, pick(r, state, META), change)


def rename_snapshot(r: random.Random, state: State) -> None:
    """A snapshot claims another index or term."""
    found = names(state, SNAPSHOT)
    if not found:
        return
    name = r.choice(found)
    _, term, index, timestamp = name.split("-")
    new_index = max(1, int(index) + r.choice([-500, -1, 1, 5, 700, 100000]))
    new_term = int(term) + r.choice([0, 0, 1])
    to = f"snapshot-{new_term}-{new_index}-{timestamp}"
    move(state, name, to)
    if f"{name}.meta" in state:
        move(state, f"{name}.meta", f"{to}.meta")


def count_bump(r: random.Random, state: State) -> None:
    """Another entry count in the first batch of a segment."""

    def change(data: bytearray) -> bytearray:
        if len(data) < 24:
            return data
        value = r.choice([0, 2, 300000, 2**33, 7237124267461211499])
        return data[:16] + bytearray(struct.pack("<Q", value)) + data[24:]

    edit(state, pick(r, state, CLOSED, OPEN), change)


def chop_batch(r: random.Random, state: State) -> None:
    """A closed segment is cut inside its last kilobytes, at a multiple of 8."""
    edit(
        state,
        pick(r, state, CLOSED),
        lambda data: data[: max(8, (len(data) - r.randrange(8, 16384)) & ~7)],
    )


def swap(r: random.Random, state: State) -> None:
    """Two segments change their names."""
    found = names(state, CLOSED, OPEN)
    if len(found) >= 2:
        one, two = r.sample(found, 2)
        state[one], state[two] = state[two], state[one]


# A name that stands twice is drawn twice as often.
OPERATIONS: list[Operation] = [
    bitflip,
    bitflip,
    bitflip_last,
    truncate,
    truncate,
    extend,
    zero_range,
    zero_range,
    zero_header,
    bad_format,
    delete,
    delete,
    delete_first_closed,
    delete_last_closed,
    delete_all_snapshots,
    delete_all_segments,
    rename_shift,
    rename_shift,
    overlap_copy,
    renumber_open,
    odd_names,
    metadata_same,
    metadata_edit,
    metadata_edit,
    meta_conf,
    rename_snapshot,
    count_bump,
    chop_batch,
    swap,
]


def damage(base: State, seed: int) -> tuple[State, list[str]]:
    """A damaged copy of `base`, and the names of the operations. Deterministic."""
    r = random.Random(seed)  # noqa: S311 - reproducible on purpose
    return apply(r, base, [1, 1, 1, 2, 2, 3], lambda: r.choice(OPERATIONS))
