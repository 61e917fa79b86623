"""A few random damages, others for each state of the code (see tests/chance.py): `make held` draws hundreds."""

from __future__ import annotations

import random

import pytest

from tests.chance import chance
from tests.held.damage import seeds
from tests.held.recording import names
from tests.held.run import held

_DRAWS = 3


def draws() -> list[str]:
    """Each of another recording."""
    r = random.Random(chance())  # noqa: S311 - reproducible on purpose
    return [seeds(name, 2, chance())[1] for name in sorted(r.sample(names(), _DRAWS))]


@pytest.mark.parametrize("seed", draws())
def test_it_holds(seed: str) -> None:
    """`python -m tests.held SEED` shows one again."""
    outcome = held(seed)
    assert outcome.wrong == (), outcome.title
