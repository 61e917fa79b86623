"""Indexes that are wrong on one node put no other node in the wrong."""

from __future__ import annotations

import pytest

from tests.fixtures import known, report


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("cluster/misnamed-forked-copy", {"n1", "n2"}),  # n3's directory is a copy of n2's, started on its own
        ("cluster/headless-forked-copy", {"n1", "n2", "n3-before"}),  # n3's begins with its second entry
        ("cluster/segment-ends-before-it-begins", {"n2", "n3"}),  # n1's entries 2 to 45 are called 1002 to 45
    ],
)
def test_who_is_sound_starts(name: str, sound: set[str]) -> None:
    """And nothing is lost: a majority holds every entry in its place."""
    case = known(report(name).case)
    assert {one.node for one in case.nodes if one.state == "safe"} == sound
    assert [(one.course in ("nothing", "rejoin"), one.node) for one in case.recover_from] == [(True, None)]
    assert not case.lost


def test_what_stands_behind_swapped_segments_counts() -> None:
    """n1's entries 88 to 117 were committed after a recovery was forced on it: n2 and n3 hold none, and end at 86."""
    case = known(report("cluster/forced-member-swapped-segments").case)
    assert {one.node for one in case.nodes if one.state == "safe"} == set()
