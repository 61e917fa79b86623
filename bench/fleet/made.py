"""The cases: small fixtures multiplied, each with other bytes; a fifth of them duplicates, a twentieth poison."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from bench.fleet.poison import MARK, Poison
from forensics.check.build import build, pack
from forensics.check.manifest import load
from forensics.check.tree import File
from forensics.fleet.model import State

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
SMALL = (
    "healthy/k8sd", "healthy/lxd", "healthy/just-joined", "sosreport/flipped-bit", "segment/forced-recovery",
    "leftover/lxd-recovery", "leftover/lxd-recovery-of-others", "leftover/lxd-patch", "leftover/lxd-second-copy",
    "certificate/expired-in-truststore", "certificate/key-missing", "metadata/given-by-recovery", "shape/closed-early",
    "shape/election-storm", "member/tables-differ", "member/healthy-yaml",
    "healthy/restarted-111", "cluster/altered-entry", "cluster/exchanged-first-segments", "metadata/lost-joiner",
    "segment/first-missing", "certificate/expires-soon", "identity/info-empty", "metadata/swapped",
)  # fmt: skip
"""Up to 34 MB each, unpacked: single files and listings, nodes without their segments, clusters of three nodes."""
_HANGS = 0.1  # of the poison: each takes two deadlines
_GARBAGE_BYTES = 10_000

STATES = {
    Poison.HANG: State.TIMEOUT,
    Poison.BOMB: State.MEMORY,
    Poison.CRASH: State.CRASHED,
    Poison.EXIT: State.CRASHED,
    Poison.ERROR: State.CRASHED,
    Poison.GARBAGE: State.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Cases:
    """A folder of cases, and the state that each must end in, by the name of its file."""

    folder: Path
    expected: dict[str, State]
    duplicates: int


def make(folder: Path, number: int, chance: random.Random) -> Cases:
    """So many cases."""
    folder.mkdir(parents=True)
    poisoned, duplicates = number // 20, number // 5
    distinct = [_copy(folder, *one) for one in islice(_numbered(), number - poisoned - duplicates)]
    for copy in range(duplicates):
        again = folder / f"again-{copy:05}.tar.zst"
        shutil.copyfile(chance.choice(distinct), again)
        distinct.append(again)
    expected = {path.name: State.OK for path in distinct}
    for at, poison in enumerate(_poison(poisoned)):
        path = folder / f"{MARK}{poison}-{at:04}.tar"
        path.write_bytes(chance.randbytes(_GARBAGE_BYTES))
        expected[path.name] = STATES[poison]
    return Cases(folder, expected, duplicates)


def _numbered() -> Iterator[tuple[int, str]]:
    yield from enumerate(cycle(SMALL))


def _copy(folder: Path, number: int, name: str) -> Path:
    """One more file beside the fixture's makes other bytes of it, and no other verdict."""
    tree = build(load(FIXTURES / name))
    tree[f"notes-of-case-{number}.md"] = File(b"%d\n" % number)
    path = folder / f"{name.replace('/', '-')}-{number:05}.tar.zst"
    path.write_bytes(pack(tree, "tar.zst"))
    return path


def _poison(number: int) -> Iterator[Poison]:
    hangs = max(int(number * _HANGS), 1)
    yield from (Poison.HANG for _ in range(min(hangs, number)))
    others = (Poison.BOMB, Poison.CRASH, Poison.GARBAGE, Poison.EXIT, Poison.ERROR)
    yield from islice(cycle(others), max(number - hangs, 0))
