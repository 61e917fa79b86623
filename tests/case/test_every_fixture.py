"""What every answer is held to, of every fixture; tests/held asks more, of recordings damaged at random."""

from __future__ import annotations

import pytest

from tests.fixtures import names, report, unsafe_starts
from tests.held.answers import violations


@pytest.mark.parametrize("name", names())
def test_answers_agree(name: str) -> None:
    """Headline, node states, plan, first steps and verdict, in every output."""
    assert [*violations(report(name)), *unsafe_starts(name)] == []
