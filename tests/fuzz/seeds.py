"""What fuzzing starts from: files of recordings, by the kind of input that they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from forensics.check.build import build
from forensics.check.tree import Tree, tar_of
from tests.fixtures import fixture
from tests.fuzz.targets import TARGETS

SEED_BYTES_MAX: Final = 64 * 1024  # a fuzzer changes some bytes of each: larger ones only slow it down
_FIXTURES: Final = ("healthy/trimmed-111", "healthy/lagging-118", "healthy/k8sd", "healthy/lxd")


@cache
def _trees() -> tuple[Tree, ...]:
    return tuple(build(fixture(name)) for name in _FIXTURES)


def seeds_of(name: str) -> Iterator[bytes]:
    """What fuzzing of one kind starts from."""
    target = TARGETS[name]
    yield from target.more
    if name == "archive":
        yield from map(_small, _trees())
        return
    wanted = re.compile(target.seeds)
    for tree in _trees():
        for path, file in tree.items():
            if wanted.fullmatch(path.rpartition("/")[2]) or wanted.fullmatch(path):
                yield file.content[:SEED_BYTES_MAX]


def _small(tree: Tree) -> bytes:
    """One node of a recording, without its larger files."""
    node = min(tree).partition("/")[0]
    kept = {path: file for path, file in tree.items() if path.startswith(node) and len(file.content) < SEED_BYTES_MAX}
    return tar_of(kept)
