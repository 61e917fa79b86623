"""What files date, and what they do not."""

from __future__ import annotations

import struct
from dataclasses import replace

from forensics.evidence import BytesBlob
from forensics.facts.cluster.build import build_clusters
from forensics.facts.cluster.history import LeaderKnownBy, boots, restarts, term_bands
from forensics.facts.node.node import Node, build_node
from forensics.parsers.metadata import parse_metadata
from tests.made_clusters import only_cluster

N2 = 7464369168527002594  # of s111: it led term 2, by its own vote and that of n3 (its directories' metadata)


def test_boot_times_need_the_files_own_times() -> None:
    """File time less stamp is the boot. In p111 all file times are one value, so its two snapshots tell nothing.

    Source: docs/reference/snapshots.md#snapshot-metadata.

    trimmed: n1's snapshot-2-384-2031873 was written 2026-11-23 13:00:06 UTC = 1795438806, so the host was booted at
    1795438806 - 2031.873 = 1795436774.1, and all three nodes ran on it.
    """
    assert [boots(node) for node in only_cluster("p111").nodes] == [[], [], []]
    estimates = [boots(node) for node in only_cluster("trimmed").nodes]
    assert all(len(times) == 1 and abs(times[0] - 1795436774.1) < 2 for times in estimates)


def test_no_restarts_where_there_were_none() -> None:
    assert [run for node in only_cluster("healthy").nodes for run in restarts(node)] == []


def nodes_of_s111(*names: str) -> list[Node]:
    return [build_node(node.state) for node in only_cluster("s111").nodes if node.name in names]


def leader_of_term_2(nodes: list[Node]) -> tuple[int | None, LeaderKnownBy, int]:
    (cluster,) = build_clusters(nodes)
    band = term_bands(cluster)[-1]
    assert band.term == 2
    return band.leader, band.known_by, band.votes


def test_a_vote_for_another_tells_that_this_one_was_a_candidate() -> None:
    """A candidate votes for itself before it asks: n3's metadata alone has two of three votes for n2."""
    assert leader_of_term_2(nodes_of_s111("n1", "n3")) == (N2, LeaderKnownBy.VOTES, 2)
    assert leader_of_term_2(nodes_of_s111("n1", "n2")) == (None, LeaderKnownBy.UNKNOWN, 0)  # its own vote alone


def test_the_older_of_two_metadata_copies_keeps_the_vote_of_an_earlier_term() -> None:
    """Both went on to term 3 without a vote: version 4 took the place of version 2, and version 3 is still there."""
    later = parse_metadata(BytesBlob("metadata2", struct.pack("<4Q", 1, 4, 3, 0)))
    moved_on = [
        replace(node, metadata2=later) if node.name in ("n2", "n3") else node
        for node in nodes_of_s111("n1", "n2", "n3")
    ]
    assert [node.metadata.term for node in moved_on if node.metadata] == [1, 3, 3]
    assert leader_of_term_2(moved_on) == (N2, LeaderKnownBy.VOTES, 2)


def test_nobody_votes_twice_in_a_term() -> None:
    """An older state of n3, `lag3`, has no vote in term 2; n3's own vote counts once."""
    assert leader_of_term_2(nodes_of_s111("n1", "n2", "n3", "lag3")) == (N2, LeaderKnownBy.VOTES, 2)
