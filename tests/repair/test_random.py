"""A few random damages, other ones each time: nothing that is written is wrong. `make repaired` tries many more."""

from __future__ import annotations

import random

import pytest

from forensics.case.answer import Course
from tests.chance import chance
from tests.held.damage import seeds
from tests.held.recording import names
from tests.repair.run import carry_out
from tests.tools import tool

_SAMPLE = 8
_RECORDINGS = random.Random(chance()).sample(names(), _SAMPLE)  # noqa: S311 - reproducible on purpose


@pytest.mark.parametrize("seed", [seeds(name, 2, chance())[1] for name in _RECORDINGS])
def test_nothing_that_is_written_is_wrong(seed: str) -> None:
    tool("dqlite-demo")
    outcome = carry_out(seed)
    assert not outcome.wrong, outcome.title


@pytest.mark.parametrize("seed", ["healthy/450652", "removed-node/129473"])
def test_what_was_once_missed(seed: str) -> None:
    """Of the first, n2 and n3 are safe to start, but with empty logs: the case puts directories together for them. Of
    the second, n1 is safe to start beside others, and is repaired all the same: without that there is no majority.
    """
    tool("dqlite-demo")
    outcome = carry_out(seed)
    assert (outcome.wrong, bool(outcome.repaired)) == ((), True), outcome.title


@pytest.mark.parametrize("seed", ["removed-node/551833", "lxd-database/734455"])
def test_a_majority_that_begins_as_every_log_does(seed: str) -> None:
    """n1 lost entry 1, and differs from the others from there on. Of the first damage, n2, n3 and n4 were not copied
    while they wrote; of the second, n3 holds all that n2 has behind its damage.
    """
    assert carry_out(seed).said == Course.REJOIN
