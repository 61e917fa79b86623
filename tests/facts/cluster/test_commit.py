"""What can be proved of the commit index, and what cannot."""

from __future__ import annotations

import pytest

from forensics.facts.cluster.commit import CommitIndex
from forensics.facts.cluster.commit_proof import Undecided
from tests.made_clusters import (
    CHANGE,
    COMMAND,
    ONE,
    THREE,
    TWO,
    VOTERS,
    Entry,
    clusters_of,
    command,
    configuration,
    directory,
    history,
    info,
    metadata,
    only_cluster,
    segment,
)
from tests.raft_bytes import meta

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
    assert cluster.commit.undecided == Undecided(11, 13, (THREE[1],))


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


FOUR, FIVE = (104 << 32, "10.0.0.4:9001"), (105 << 32, "10.0.0.5:9001")


def with_voters(*servers: tuple[int, str]) -> list[Entry]:
    """A bootstrap of the first, the others added one by one."""
    voters = [(*server, 1) for server in servers]
    return [(1, CHANGE, configuration(*voters[:count])) for count in range(1, len(voters) + 1)]


def test_a_voter_without_a_log_may_hold_a_later_term() -> None:
    """As two tests before, but of THREE there is only info.yaml: nothing is known of its log."""
    files = directory("n1", ONE, history(*COMMANDS), 2) | directory("n2", TWO, history(*COMMANDS), 2)
    files["n3/info.yaml"] = info(*THREE)
    (cluster,) = clusters_of(files)
    assert bounds(cluster.commit) == (2, 13)


def test_one_voter_in_a_later_term_does_not_spoil_the_others() -> None:
    """Five voters (entries 1 to 5), 6 to 9 of term 1 on four. FOUR has seen term 2, the other three not."""
    servers = (ONE, TWO, THREE, FOUR, FIVE)
    entries = with_voters(*servers) + [(1, COMMAND, command(f"row {number}")) for number in range(4)]
    files: dict[str, bytes] = {}
    for number, (who, term) in enumerate(zip(servers[:4], (1, 1, 1, 2), strict=True)):
        files |= directory(f"n{number + 1}", who, entries, term)
    (cluster,) = clusters_of(files)
    assert bounds(cluster.commit) == (9, 9)


def test_the_longest_log_counts_not_the_first_by_name() -> None:
    """Five voters, two absent; 8 on ONE, 11 on TWO and THREE: with both absent ones, 11 can be committed."""
    entries = with_voters(ONE, TWO, THREE, FOUR, FIVE) + [(1, COMMAND, command(f"row {number}")) for number in range(6)]
    files = directory("n1", ONE, entries[:8], 2)
    files |= directory("n2", TWO, entries, 2) | directory("n3", THREE, entries, 2)
    (cluster,) = clusters_of(files)
    assert bounds(cluster.commit) == (4, 11)


def test_half_of_two_voters_may_have_gone_on() -> None:
    """TWO, as leader, removes ONE: the configuration without it is in force at once, and TWO alone commits."""
    entries = with_voters(ONE, TWO) + [(1, COMMAND, command(f"row {number}")) for number in range(4)]
    (cluster,) = clusters_of(directory("n1", ONE, entries, 1))
    assert bounds(cluster.commit) == (1, None)


def test_a_new_voter_that_is_behind_lost_nothing() -> None:
    """A sole voter commits 2 to 9 by itself, then TWO becomes a voter by entry 11 while it still lacks 9 and 10."""
    entries = with_voters(ONE) + [(1, COMMAND, command(f"row {number}")) for number in range(8)]
    spare = (1, CHANGE, configuration((*ONE, 1), (*TWO, 2)))
    promoted = (1, CHANGE, configuration((*ONE, 1), (*TWO, 1)))
    files = directory("n1", ONE, [entries[0], spare, *entries[1:], promoted], 1)
    files |= directory("n2", TWO, [entries[0], spare, *entries[1:7]], 1)
    (cluster,) = clusters_of(files)
    assert cluster.commit is not None
    assert (cluster.commit.at_least, cluster.commit.missing) == (10, None)


def test_a_fourth_voter_that_is_behind_does_not_hide_what_three_committed() -> None:
    """6 to 12 in term 1 on ONE and TWO, two of three; then ONE makes FOUR, who has 11, a voter by entry 13."""
    start = with_voters(ONE, TWO, THREE)
    voters = tuple((*server, 1) for server in (ONE, TWO, THREE))
    start.append((1, CHANGE, configuration(*voters, (*FOUR, 2))))
    entries = start + [(1, COMMAND, command(f"row {number}")) for number in range(8)]
    promoted = (1, CHANGE, configuration(*voters, (*FOUR, 1)))
    files = directory("n1", ONE, [*entries, promoted], 1) | directory("n2", TWO, entries, 1)
    files |= directory("n3", THREE, entries[:5], 1) | directory("n4", FOUR, entries[:11], 1)
    (cluster,) = clusters_of(files)
    assert bounds(cluster.commit) == (12, 12)


def test_an_older_tail_never_was_committed() -> None:
    """THREE is absent; ONE holds 14 and 15 of term 1, TWO 14 of term 2: its leader had not what ONE has there."""
    rows = history(*COMMANDS)
    files = directory("n1", ONE, [*rows, (1, COMMAND, command("a")), (1, COMMAND, command("b"))], 1)
    files |= directory("n2", TWO, [*rows, (2, COMMAND, command("c"))], 2)
    (cluster,) = clusters_of(files)
    assert bounds(cluster.commit) == (2, 14)
    assert cluster.commit is not None
    assert [(name, never.index) for name, never in cluster.commit.never.items()] == [("n1", 14)]


def test_two_logs_that_meet_only_where_they_differ_share_nothing_that_is_seen() -> None:
    """TWO's snapshot at 10 is of term 2 and its log starts at 11; ONE holds 10 to 13 of term 1, never committed."""
    rows = history(*COMMANDS)
    files = directory("n1", ONE, rows, 1)
    files |= {
        f"n2/{11:016d}-{12:016d}": segment([(2, COMMAND, command("x")), (2, COMMAND, command("y"))]),
        "n2/snapshot-2-10-1000": (1).to_bytes(8, "little") + bytes(8),
        "n2/snapshot-2-10-1000.meta": meta(configuration(*VOTERS), 3),
        "n2/metadata1": metadata(2),
        "n2/info.yaml": info(*TWO),
    }
    (cluster,) = clusters_of(files)
    assert cluster.commit is not None
    assert cluster.commit.proofs["n1"].index == 2
    assert cluster.commit.proofs["n2"].index == 10
    assert cluster.commit.never["n1"].index == 10


def test_a_fourth_voter_that_is_absent_may_have_removed_a_slow_one() -> None:
    """Four voters: 7 on ONE, 5 on TWO, 4 on THREE. If FOUR leads and removes THREE, it and ONE are two of three."""
    entries = with_voters(ONE, TWO, THREE, FOUR) + [(1, COMMAND, command(f"row {number}")) for number in range(3)]
    files = directory("n1", ONE, entries, 1) | directory("n2", TWO, entries[:5], 1)
    files |= directory("n3", THREE, entries[:4], 1)
    (cluster,) = clusters_of(files)
    assert bounds(cluster.commit) == (4, 7)
