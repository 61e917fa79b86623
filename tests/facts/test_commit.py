"""What can be proved of the commit index, and what cannot."""

from __future__ import annotations

import pytest

from forensics.facts.commit import CommitIndex
from tests.made_clusters import ONE, THREE, TWO, clusters_of, directory, history, only_cluster

COMMANDS = [(1, f"row {number}") for number in range(10)]  # indexes 4 to 13


def bounds(commit: CommitIndex | None) -> tuple[int, int | None]:
    """Both ends."""
    assert commit is not None
    return commit.at_least, commit.at_most


@pytest.mark.parametrize(
    ("base", "index"),
    [
        ("s111", 340),  # truth.txt was asked of the new leader when its log ended here
        ("s118", 339),
        ("p111", 2724),  # n1 and n2 ended together; n3 lags
        ("p118", 2708),
        ("single", 142),
    ],
)
def test_real_clusters(base: str, index: int) -> None:
    """All voters are at hand, so both bounds meet at what the majority holds."""
    assert bounds(only_cluster(base).commit) == (index, index)


def test_the_replaced_tail_is_not_committed_on_its_node() -> None:
    """s111: n1's own history is proved up to the entry before the divergence at 309, not further."""
    commit = only_cluster("s111").commit
    assert commit is not None
    assert commit.proofs["n1"].index == 308


def test_one_of_three_voters_proves_the_change_before_the_last() -> None:
    """ONE alone with entries 1 to 13: the change at 3 needed that at 2 committed; anything may follow."""
    (cluster,) = clusters_of(directory("n1", ONE, history(*COMMANDS), 1))
    assert bounds(cluster.commit) == (2, None)


def test_two_of_three_voters() -> None:
    """13 on ONE, 10 on TWO, both in term 1: 10 is on a majority; with THREE up to 13 may be."""
    files = directory("n1", ONE, history(*COMMANDS), 1) | directory("n2", TWO, history(*COMMANDS[:7]), 1)
    (cluster,) = clusters_of(files)
    assert bounds(cluster.commit) == (10, 13)
    assert cluster.commit is not None
    assert THREE[1] in cluster.commit.unknown


def test_an_older_term_on_a_majority_is_not_proof() -> None:
    """Both have seen term 2 but hold entries of term 1: THREE may hold others of term 2 (Raft, figure 8)."""
    files = directory("n1", ONE, history(*COMMANDS), 2) | directory("n2", TWO, history(*COMMANDS), 2)
    (cluster,) = clusters_of(files)
    assert bounds(cluster.commit) == (2, 13)


def test_an_older_term_is_decided_when_all_voters_are_at_hand() -> None:
    """As before, but THREE is there and holds nothing of term 2: no leader can lack entry 13."""
    files = directory("n1", ONE, history(*COMMANDS), 2) | directory("n2", TWO, history(*COMMANDS), 2)
    files |= directory("n3", THREE, history(*COMMANDS[:2]), 2)
    (cluster,) = clusters_of(files)
    assert bounds(cluster.commit) == (13, 13)


def test_a_copy_has_no_vote_of_its_own() -> None:
    """The same node twice is one of three voters."""
    files = directory("n1", ONE, history(*COMMANDS), 1) | directory("backup", ONE, history(*COMMANDS), 1)
    (cluster,) = clusters_of(files)
    assert bounds(cluster.commit) == (2, None)
