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


@pytest.mark.parametrize("seed", ["healthy/450652", "lxd-database/734455"])
def test_what_was_once_missed(seed: str) -> None:
    """Of the first, n2 and n3 are safe to start, but with empty logs: the case puts directories together for them. Of
    the second, n1 lost entry 1, so that its other entries tell no index of what n2 has behind its damage.
    """
    tool("dqlite-demo")
    outcome = carry_out(seed)
    assert (outcome.wrong, bool(outcome.repaired)) == ((), True), outcome.title


def test_a_majority_that_begins_as_every_log_does() -> None:
    """n1 lost entry 1, and differs from n2, n3 and n4 from there on: these were not copied while they wrote."""
    assert carry_out("removed-node/551833").said == Course.REJOIN
