"""The casebook: incidents that users really had, each hit by its cause, and nothing said of the healthy ones."""

from __future__ import annotations

import pytest

from bench.casebook import Outcome, reached, score, table
from tests.fixtures import fixture, names

CASES = [name for name in names() if name.startswith("casebook/")]


def test_every_group_is_reached() -> None:
    outcomes = score(fixture(name) for name in CASES)
    assert reached(outcomes), table(outcomes, 0)


def test_every_case_says_where_it_is_from() -> None:
    for name in CASES:
        case = fixture(name).case
        assert case["url"].startswith("http")
        assert case["evidence"] in ("listing", "error")
        assert ("right" in case) != ("quiet" in case)


@pytest.mark.parametrize(
    ("good", "group", "expected"),
    [((True,) * 19 + (False,), "listing", True), ((True,) * 18 + (False,) * 2, "listing", False),
     ((True, False), "quiet", False), ((False,), "error (partly)", True)],
)  # fmt: skip
def test_what_counts_as_reached(good: tuple[bool, ...], group: str, *, expected: bool) -> None:
    """95 % of 20 is 19; one false alarm is one too many; what can only be hinted at does not count."""
    outcomes = [Outcome("x", group, "class", hit, ()) for hit in good]
    assert reached(outcomes) is expected
