"""What became of a node, and how two nodes differ."""

from __future__ import annotations

from forensics.facts.cluster.comparison import compare_nodes, compare_states
from forensics.facts.cluster.state_change import Aspect, LogSpan, State, Trend
from forensics.facts.log.entry_range import EntryRange, Held, PagesWritten
from forensics.facts.log.words import range_words
from forensics.facts.node.node import Node
from tests.made_clusters import ONE, directory, gather, history, nodes_of

COMMANDS = [(1, f"row {number}") for number in range(10)]  # indexes 4 to 13


def by_name(base: str, name: str) -> Node:
    """A node of a recording."""
    return next(node for node in gather(base).nodes() if node.name == name)


def test_a_node_that_went_on() -> None:
    """`lag3` is node 3 as it was at entry 208; at the end it was at 340 in term 2."""
    changes = compare_states(by_name("s111", "lag3"), by_name("s111", "n3"))
    assert {change.trend for change in changes} == {Trend.LATER}
    (log,) = [change for change in changes if change.subject.aspect is Aspect.LOG]
    assert log.before == LogSpan(1, 208, 1)
    assert isinstance(log.after, LogSpan)
    assert (log.after.first, log.after.last, log.after.term) == (1, 340, 2)
    assert log.after.more is not None
    assert (log.after.more.range.first, log.after.more.range.last, log.after.more.range.entries) == (209, 340, 132)


def test_a_node_put_back() -> None:
    """The same backwards is worse: entries and an election are gone."""
    changes = compare_states(by_name("s111", "n3"), by_name("s111", "lag3"))
    worse = {change.subject.aspect for change in changes if change.trend is Trend.WORSE}
    assert {Aspect.LOG_SHORTER, Aspect.VOTE} <= worse


def test_two_nodes_that_parted() -> None:
    """s111: the divergence at 309, and the key that only node 1 wrote."""
    changes = compare_nodes(by_name("s111", "n1"), by_name("s111", "n2"))
    (parted,) = [change for change in changes if change.subject.aspect is Aspect.ENTRIES_DIFFER]
    assert (parted.subject.index, parted.subject.equal) == (309, 308)
    assert isinstance(parted.before, Held)
    assert parted.before.range == EntryRange(309, 309, commands=1, pages=(PagesWritten("k8s", 3),))
    assert parted.before.writes.keys == ("/registry/uncommitted/1",)


def test_damage_and_its_repair() -> None:
    """A flipped bit in the last entry, seen from both sides."""
    whole = directory("n1", ONE, history(*COMMANDS), 1)
    path = next(path for path in whole if "-" in path.rpartition("/")[2])
    broken = whole | {path: whole[path][:-1] + b"\xff"}
    (before,), (after,) = nodes_of(whole), nodes_of(broken)
    assert any(
        change.trend is Trend.WORSE and change.after is State.DAMAGED for change in compare_states(before, after)
    )
    assert any(
        change.trend is Trend.REPAIRED and change.before is State.DAMAGED for change in compare_states(after, before)
    )


def test_self_repair_shows() -> None:
    """A segment set aside since the last upload."""
    whole = directory("n1", ONE, history(*COMMANDS), 1)
    aside = whole | {"n1/corrupt-1700000000000000000-open-1": b"x" * 64}
    (before,), (after,) = nodes_of(whole), nodes_of(aside)
    (change,) = compare_states(before, after)
    assert (change.trend, change.after) == (Trend.WORSE, State.THERE)


def test_pages_of_a_sample_are_a_lower_bound() -> None:
    """Of 300 commands 256 were looked at: the others wrote pages, too."""
    pages = (PagesWritten("k8s", 700),)
    assert range_words(EntryRange(1, 300, commands=300, pages=pages, sampled=True)) == (
        "300 entries (1 to 300; at least 700 pages of k8s)"
    )
    assert range_words(EntryRange(1, 3, commands=3, pages=pages)) == "3 entries (1 to 3; 700 pages of k8s)"
