"""Every recording damaged at random, otherwise each run: what is said of it agrees with itself, and is so.

`make held` takes more than 300 of them.
"""

from __future__ import annotations

import pytest

from tests.chance import chance
from tests.held.damage import seeds
from tests.held.recording import names
from tests.held.run import held


@pytest.mark.parametrize("recording", names())
def test_what_is_said_holds(recording: str) -> None:
    _, seed = seeds(recording, 2, chance())  # the first is the recording as it is
    outcome = held(seed)
    assert not outcome.wrong, f"python -m tests.held {seed}: {outcome.title}; {outcome.headline}; {outcome.states}"
