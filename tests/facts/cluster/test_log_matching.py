"""Where logs part, and what kind of parting it is."""

from __future__ import annotations

from itertools import pairwise

import pytest

from forensics.facts.cluster.log_matching import Divergence, Kind
from tests.made_clusters import (
    COMMAND,
    ONE,
    TWO,
    clusters_of,
    command,
    configuration,
    directory,
    history,
    only_cluster,
    segment,
)


@pytest.mark.parametrize(("base", "last"), [("s111", 340), ("s118", 339)])
def test_real_divergence(base: str, last: int) -> None:
    """README of the data: node 1 holds an entry of term 1 at index 309 that the others replaced in term 2."""
    (found,) = only_cluster(base).divergences
    assert (found.index, found.kind) == (309, Kind.CONFLICT)
    assert [(side.nodes, side.term, side.last) for side in found.sides] == [(("n2", "n3"), 2, last), (("n1",), 1, 309)]


@pytest.mark.parametrize(
    "base", ["healthy", "steady", "killed-mid-write", "lagging", "trimmed", "k8sd", "p111", "p118"]
)
def test_real_clusters_match(base: str) -> None:
    """Leaders and followers batch differently, snapshots trim, a node lags: none of it is a divergence."""
    assert only_cluster(base).divergences == ()


def two(first: list[tuple[int, str]], second: list[tuple[int, str]]) -> tuple[Divergence, ...]:
    """What two nodes' logs with these commands behind a common start (indexes 1 to 3) come to."""
    one, other = history(*first), history(*second)
    files = directory("n1", ONE, one, 9) | directory("n2", TWO, other, 9, batch=4)
    (cluster,) = clusters_of(files)
    return cluster.divergences


def words(*texts: str, term: int = 2) -> list[tuple[int, str]]:
    """Commands of one term."""
    return [(term, text) for text in texts]


COMMON = words(*(f"common {number}" for number in range(20)))


def test_other_batches_are_the_same_log() -> None:
    """One entry a batch against four: the entries are equal."""
    assert two(COMMON, COMMON) == ()


def test_two_terms_are_a_conflict() -> None:
    """Index 24 = 3 configurations + 20 commands + 1."""
    (found,) = two([*COMMON, *words("x", "y")], [*COMMON, *words("z", term=3)])
    assert (found.index, found.kind, found.sides[0].term, found.sides[1].last) == (24, Kind.CONFLICT, 3, 25)


def test_one_term_and_nothing_in_common_behind_is_a_fork() -> None:
    """As when a copied sole voter goes on twice: it restarts without a new term."""
    (found,) = two([*COMMON, *words("a", "b", "c")], [*COMMON, *words("d", "e", "f")])
    assert (found.index, found.kind) == (24, Kind.FORK)


def test_equal_again_behind_is_an_altered_entry() -> None:
    """One entry rewritten, its checksums made right again."""
    (found,) = two([*COMMON, *words("a", "b", "c")], [*COMMON, *words("X", "b", "c")])
    assert (found.index, found.kind, found.last_index) == (24, Kind.ALTERED, 24)


def test_lost_entries_shift_what_follows() -> None:
    """The second node lost two entries, and dqlite gave their indexes to the ones behind.

    Source: docs/reference/start.md#loading-segments
    """
    tail = [f"tail {number}" for number in range(12)]
    (found,) = two([*COMMON, *words("a", "b", *tail)], [*COMMON, *words(*tail)])
    assert (found.index, found.kind, found.shift) == (24, Kind.SHIFTED, 2)
    assert found.sides[0].nodes == ("n1",)


def test_forced_configuration_on_one_side() -> None:
    """A change of term 1 in a log of term 2 is written by hand (docs/reference/raft.md#traces-of-a-recovery)."""
    start = history(*COMMON)
    forced = [*start, (1, 3, configuration((*ONE, 1)))]
    other = [*start, (2, COMMAND, command("x"))]
    (cluster,) = clusters_of(directory("n1", ONE, forced, 2) | directory("n2", TWO, other, 2))
    (found,) = cluster.divergences
    assert (found.index, found.kind) == (24, Kind.FORCED)


def test_padding_of_a_configuration_does_not_count() -> None:
    """Bytes behind the last server are whatever memory held (docs/reference/configurations.md#encoding)."""
    start = history(*COMMON)
    one = [*start, (2, 3, configuration((*ONE, 1), (*TWO, 1), padding=b"heapheap"))]
    other = [*start, (2, 3, configuration((*ONE, 1), (*TWO, 1)))]
    assert one[-1] != other[-1]
    (cluster,) = clusters_of(directory("n1", ONE, one, 2) | directory("n2", TWO, other, 2))
    assert cluster.divergences == ()


def closed(name: str, who: tuple[int, str], entries: list[tuple[int, int, bytes]], *cuts: int) -> dict[str, bytes]:
    """A state directory whose log is cut into closed segments behind these indexes."""
    files = directory(name, who, entries, 9)
    files = {path: data for path, data in files.items() if not path.startswith(f"{name}/0")}
    for first, last in pairwise((0, *cuts, len(entries))):
        files[f"{name}/{first + 1:016d}-{last:016d}"] = segment(entries[first:last])
    return files


@pytest.mark.parametrize("loss", ["missing", "damaged"])
def test_a_difference_behind_a_gap(loss: str) -> None:
    """8 to 15 of the second node are missing, or their first batch is bad; 20 differs, and 21 to 23 are equal again."""
    mine, other = history(*COMMON), history(*COMMON)
    other[19] = (2, COMMAND, command("changed"))
    files = closed("n1", ONE, mine, 7, 15) | closed("n2", TWO, other, 7, 15)
    path = f"n2/{8:016d}-{15:016d}"
    if loss == "missing":
        del files[path]
    else:
        files[path] = files[path][:9] + b"\xff" + files[path][10:]  # a bit of the header's checksum, behind the format
    (cluster,) = clusters_of(files)
    (found,) = cluster.divergences
    assert (found.index, found.kind, found.last_index) == (20, Kind.ALTERED, 20)
    assert found.sides[1].last == 23
