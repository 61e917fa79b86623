"""What a leader's transactions prove, held against recordings whose truth is known."""

from __future__ import annotations

import pytest

from forensics.facts.log.transactions import last_followed
from tests.made_clusters import only_cluster


@pytest.mark.parametrize(
    ("recording", "name", "term", "index", "later"),
    [
        ("leader-ahead", "n1", 1, 85, 86),  # 86 was never acknowledged, 85 was
        ("old-leader", "n1", 1, 85, 86),  # the same, before the others replaced it
        ("old-leader", "n3", 2, 105, 106),
    ],
)
def test_the_last_but_one_is_committed(recording: str, name: str, term: int, index: int, later: int) -> None:
    """The last may be, and nothing tells."""
    found = last_followed(only_cluster(recording).node(name), term)
    assert found is not None
    assert (found.index, found.later) == (index, later)
