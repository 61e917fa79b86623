"""Copies of no one moment, against a recording whose missing writes are known."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from forensics.facts.cluster.torn_copy import is_older_than_contents, unused_behind
from tests.made_clusters import only_cluster

BASES = Path(__file__).parents[3] / "fixtures" / "bases"


def test_what_a_slow_copy_lacks() -> None:
    """The manifest: writes 111 to 119 of 132 are missing. Write 1 is entry 10, behind bootstrap, members and tables."""
    notes = tomllib.loads((BASES / "copied-under-load.toml").read_text())["notes"]
    assert notes["missing_in_n1"] == "writes 111 to 119 of 132"
    cluster = only_cluster("copied-under-load")
    (torn,) = cluster.torn
    assert (torn.node, torn.index, torn.segments, torn.unused) == ("n1", 120, ("open-2",), 1)
    assert cluster.divergences == ()
    assert [cluster.node(name).last_index for name in ("n1", "n2", "n3")] == [119, 165, 165]


@pytest.mark.parametrize("base", ["steady", "killed-mid-write", "roles", "lagging", "trimmed", "p118"])
def test_two_unused_segments_follow_on_real_nodes(base: str) -> None:
    """A node keeps two prepared segments; stopped nodes keep none (docs/reference/segments.md#open-segments)."""
    nodes = only_cluster(base).nodes
    assert {unused_behind(node) for node in nodes} <= {None, 2}
    assert not any(is_older_than_contents(node) for node in nodes)
