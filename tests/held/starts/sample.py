"""Which states are started: random damages on random recordings, where at least one node is called safe."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Collection, Iterator
from itertools import islice

from tests.held.damage import seeds
from tests.held.recording import BASES, names, version_of
from tests.held.starts.run import Started, carry_out

RECORDS = BASES.parent / "starts.toml"
_ROUNDS = 100  # damages of one recording to draw from


def sample(states: int, chance: int, versions: Collection[str]) -> Iterator[Started]:
    """So many, of all recordings in turn that one of these versions wrote; the same for the same chance."""
    r = random.Random(f"{chance} starts")  # noqa: S311 - reproducible on purpose
    drawn = {name: iter(seeds(name, _ROUNDS, chance)[1:]) for name in names() if version_of(name) in versions}
    yield from islice((one for one in map(carry_out, _in_turn(r, drawn)) if one.started), states)


def _in_turn(r: random.Random, drawn: dict[str, Iterator[str]]) -> Iterator[str]:
    """Seeds of all recordings, in another order each time."""
    while True:
        for name in r.sample(sorted(drawn), len(drawn)):
            yield next(drawn[name])


def kept_seeds() -> list[str]:
    """Of the states in fixtures/starts.toml."""
    return [one["seed"] for one in tomllib.loads(RECORDS.read_text("utf-8"))["start"]]
