"""Random damage to recordings: one or two faults each, the same ones for the same seed.

Most operations are those of bench/agreement; what hits whole directories is here.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.agreement.damage import raft_files, segments, snapshots
from bench.agreement.state import CLOSED, META, METADATA, OPEN, SNAPSHOT, State, names, pick
from forensics.check.layout import Placed, place
from forensics.check.manifest import Part
from forensics.check.tree import File, Tree, tar_of
from tests.held.raw_log import batch_at, walk
from tests.held.recording import Recording, recording

ROUNDS = 11
"""One of each recording as it is, ten of each damaged: more than 300."""

_NUMBERS = 1_000_000  # of seeds of one recording
_TRIES = 50  # until an operation changes something
_CLOSED = re.compile(r"^(\d{16})-(\d{16})$")
_SNAPSHOT = re.compile(r"^snapshot-\d+-(\d+)-")


@dataclass(frozen=True, slots=True)
class Fault:
    """What was done, and to whose directory."""

    what: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Damaged:
    """A recording after its faults.

    Attributes:
        seed: gives the same again: `healthy/3`.
        base: the recording.
        trees: the directories that are left, by name; older ones beside them included.
        faults: in order.
        layout: where the directories lie in the input (forensics/check/layout.py).
    """

    seed: str
    base: Recording
    trees: dict[str, Tree]
    faults: tuple[Fault, ...]
    layout: str

    @property
    def title(self) -> str:
        """For messages."""
        done = "; ".join(f"{one.what} ({', '.join(one.nodes)})" for one in self.faults)
        return f"seed {self.seed} ({self.layout}): {done or 'as recorded'}"

    def input(self) -> bytes:
        """The upload."""
        placed = Placed()
        place(Part(layout=self.layout), self.trees, placed)
        return tar_of(placed.tree)


def seeds(name: str, rounds: int, chance: int) -> list[str]:
    """So many of one recording, the first one without any damage; the same for the same chance."""
    r = random.Random(f"{chance} {name}")  # noqa: S311 - reproducible on purpose
    return [f"{name}/{number}" for number in (0, *r.sample(range(1, _NUMBERS), rounds - 1))]


def damaged(seed: str) -> Damaged:
    """The recording and damage of one seed."""
    name, _, number = seed.partition("/")
    r = random.Random(seed)  # noqa: S311 - reproducible on purpose
    base = recording(name)
    trees = {node: dict(base.trees[node]) for node in base.nodes}
    faults = tuple(_fault(r, base, trees) for _ in range(r.choice((1, 1, 2)))) if number != "0" else ()
    layout = "k8s-dqlite" if "kine" in base.name or r.random() < 0.2 else "plain"
    return Damaged(seed, base, trees, faults, layout)


def _fault(r: random.Random, base: Recording, trees: dict[str, Tree]) -> Fault:
    """One operation on one, several or all of the directories that are left."""
    while True:
        operation = r.choice(OPERATIONS)
        here = sorted(trees)
        hit = tuple(sorted(r.sample(here, r.choice((1, 1, 1, min(2, len(here)), len(here))))))
        if operation in _OF_DIRECTORIES:
            hit = tuple(name for name in hit if _OF_DIRECTORIES[operation](r, base, trees, name))
        else:
            hit = tuple(name for name in hit if _changed(r, trees, name, operation))
        if hit:
            return Fault(_words(operation), hit)


def _words(operation: str) -> str:
    return operation.replace("_", " ")


def _changed(r: random.Random, trees: dict[str, Tree], name: str, operation: str) -> bool:
    """One operation on one directory's files; whether it changed anything."""
    before = trees[name]
    for _ in range(_TRIES):
        state: State = {file: one.content for file, one in before.items()}
        _OF_FILES[operation](r, state)
        if state != {file: one.content for file, one in before.items()}:
            trees[name] = {file: _file(before, file, data) for file, data in state.items() if data is not None}
            return True
    return False


def _file(before: Tree, name: str, content: bytes) -> File:
    old = before.get(name) or next(iter(before.values()))
    return File(content, old.mode, old.mtime)


# --- of files ---


def _flip(r: random.Random, state: State) -> None:
    """One bit of what is in use of a file."""
    name = pick(r, state, CLOSED, OPEN, SNAPSHOT, META, METADATA)
    if name is None:
        return
    data = bytearray(state[name] or b"")
    used = len(bytes(data).rstrip(b"\0"))
    if used:
        data[r.randrange(used)] ^= 1 << r.randrange(8)
        state[name] = bytes(data)


def _zero_block(r: random.Random, state: State) -> None:
    """4 KiB of zeros where a page of the disk was: of what is in use."""
    name = pick(r, state, CLOSED, OPEN, SNAPSHOT)
    if name is None:
        return
    data = bytearray(state[name] or b"")
    used = len(bytes(data).rstrip(b"\0"))
    at = r.randrange(used // 4096 + 1) * 4096
    size = len(data[at : at + 4096])
    data[at : at + size] = bytes(size)
    state[name] = bytes(data)


def _cut_open(r: random.Random, state: State) -> None:
    """An open segment that ends within its entries."""
    name = pick(r, state, OPEN)
    if name is not None:
        used = len((state[name] or b"").rstrip(b"\0"))
        state[name] = (state[name] or b"")[: r.randrange(used + 1)]


def _empty(r: random.Random, state: State) -> None:
    """A file of 0 bytes: written when the disk was full."""
    name = pick(r, state, CLOSED, OPEN, SNAPSHOT, META, METADATA)
    if name is not None:
        state[name] = b""


def _no_metadata(_: random.Random, state: State) -> None:
    for name in names(state, METADATA):
        del state[name]


def _empty_newest_snapshot(_: random.Random, state: State) -> None:
    found = sorted(names(state, SNAPSHOT), key=lambda name: int(name.split("-")[2]))
    if found:
        state[found[-1]] = b""


_OF_FILES: dict[str, Callable[[random.Random, State], None]] = {
    "flipped_bit": _flip,
    "flipped_bit_in_a_batch": segments.corrupt_batch,
    "zeroed_block": _zero_block,
    "zeroed_range": raft_files.zero_range,
    "cut_open_segment": _cut_open,
    "cut_at_a_border": segments.cut_at_border,
    "cut_file": raft_files.truncate,
    "empty_file": _empty,
    "empty_newest_snapshot": _empty_newest_snapshot,
    "removed_file": raft_files.delete,
    "removed_first_closed": raft_files.delete_first_closed,
    "removed_last_closed": raft_files.delete_last_closed,
    "removed_snapshots": raft_files.delete_all_snapshots,
    "swapped_segments": raft_files.swap,
    "renamed_segment": raft_files.rename_shift,
    "renumbered_open": raft_files.renumber_open,
    "lost_metadata": snapshots.metadata_gone,
    "both_metadata_lost": _no_metadata,
}


# --- of directories ---


def older(r: random.Random, tree: Tree) -> Tree | None:
    """The directory as it may have been earlier: without its last files, or with less in its open segment."""
    ends = sorted(int(name[2]) for file in tree if (name := _CLOSED.match(file)))
    whole = {file: one for file, one in tree.items() if not file.startswith(("open-", "snapshot-"))}
    if len(ends) > 1:
        end = r.choice(ends[:-1])
        kept = {file: one for file, one in whole.items() if not (m := _CLOSED.match(file)) or int(m[2]) <= end}
        return kept | {file: one for file, one in tree.items() if (m := _SNAPSHOT.match(file)) and int(m[1]) <= end}
    first = next(
        (file for file in sorted(tree) if file.startswith("open-") and len(walk(tree[file].content)) > 1), None
    )
    if first is None:
        return None
    content = tree[first].content
    used = len(content.rstrip(b"\0"))
    at = raft_borders(content)
    cut = r.choice(at[1:-1] or at[:1])
    opened = {file: one for file, one in tree.items() if file.startswith(("open-", "snapshot-"))}
    shorter = content[:cut] + bytes(len(content) - cut)
    return whole | opened | {first: File(shorter, tree[first].mode, tree[first].mtime)} if cut < used else None


def raft_borders(content: bytes) -> list[int]:
    """Where the batches of a segment begin, and where the last one ends."""
    borders = [8]
    while batch := batch_at(content, borders[-1]):
        borders.append(batch[1])
    return borders


def _put_back(r: random.Random, _: Recording, trees: dict[str, Tree], name: str) -> bool:
    """A node's directory is an older copy of itself."""
    made = older(r, trees[name])
    if made is not None:
        trees[name] = made
    return made is not None


def _beside(r: random.Random, base: Recording, trees: dict[str, Tree], name: str) -> bool:
    """An older copy of a node's directory arrives beside the newer one."""
    recorded = [one for one in base.older if base.ids[one] == base.ids.get(name) and one not in trees]
    made = dict(base.trees[recorded[0]]) if recorded else older(r, trees[name])
    if made is not None:
        trees[recorded[0] if recorded else f"{name}-older"] = made
    return made is not None


def _gone(_: random.Random, __: Recording, trees: dict[str, Tree], name: str) -> bool:
    """A node's directory did not arrive; at least one has to."""
    return len(trees) > 1 and trees.pop(name, None) is not None


def _wiped(_: random.Random, __: Recording, trees: dict[str, Tree], name: str) -> bool:
    """Only who it is remains of a node."""
    trees[name] = {file: one for file, one in trees[name].items() if file.endswith(".yaml")}
    return True


_OF_DIRECTORIES: dict[str, Callable[[random.Random, Recording, dict[str, Tree], str], bool]] = {
    "older_copy_put_back": _put_back,
    "older_copy_beside": _beside,
    "node_gone": _gone,
    "node_wiped": _wiped,
}

PUT_BACK = _words("older_copy_put_back")
"""As a fault says it."""

OPERATIONS: Sequence[str] = (*_OF_FILES, *_OF_DIRECTORIES)
