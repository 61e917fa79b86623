"""What is lost or at risk, and whose: worked out from what each fixture says was done."""

from __future__ import annotations

import pytest

from forensics.election.state import Reason, State
from forensics.fault_kind import FaultKind
from forensics.report.document import Case
from tests.fixtures import known, report


def case_of(name: str) -> Case:
    """Of a fixture."""
    return known(report(name).case)


def test_the_only_voter_is_not_told_to_wait_for_others() -> None:
    """single-flipped-bit: its start keeps 1 and 2 of 142 entries, and nobody else ever had the others."""
    case = case_of("segment/single-flipped-bit")
    [node] = case.nodes
    assert (node.state, node.reason, node.with_) == (State.LOSES, Reason.DROPS_COMMITTED, ())
    assert [(one.first_index, one.last_index, one.also_on) for one in case.lost] == [(3, 142, ())]


def test_entries_at_risk_are_told_once() -> None:
    """two-flipped-bits: both damaged nodes end before 386, n1 has 386 to 414."""
    [lost] = case_of("cluster/two-flipped-bits").lost
    assert (lost.first_index, lost.last_index, lost.nodes, lost.also_on) == (386, 414, ("n2", "n3"), ("n1",))
    written = known(lost.written)
    assert 0 < len(written.keys) <= written.writes


def test_a_copy_behind_damage_is_called_so() -> None:
    """three-flipped-bits: nobody's start keeps 386 to 414, and every damaged segment holds them but for one bit."""
    [lost] = case_of("cluster/three-flipped-bits").lost
    assert lost.nodes == lost.also_on == ("n1", "n2", "n3")
    assert not lost.certain


def test_the_other_history_is_no_copy() -> None:
    """split-brain: n1 and n2 wrote configmaps of their own names after the split, and neither has the other's."""
    lost = case_of("cluster/split-brain").lost
    assert [(one.nodes, one.first_index, one.also_on) for one in lost] == [(("n1",), 86, ()), (("n2",), 86, ())]
    for one in lost:
        [node] = one.nodes
        assert all(key.startswith(f"/registry/configmaps/default/{node}-") for key in known(one.written).keys)


def test_what_others_have_in_part_is_told_in_parts() -> None:
    """n2 drops 1 to 339 behind its bit; n1 has 1 to 308 of them, and another entry 309 of an earlier term.

    The others can elect a leader without 309 to 339, which lie intact in an open segment of n2, behind that bit.
    """
    lost = case_of("cluster/flipped-bit-beside-a-laggard").lost
    told = {(one.first_index, one.last_index, one.nodes, one.also_on) for one in lost}
    assert told == {(1, 308, ("n2",), ("n1",)), (309, 339, ("lag3", "n1", "n2"), ("n2",))}


@pytest.mark.parametrize(
    ("name", "kind", "repairable"),
    [
        ("segment/single-flipped-bit", FaultKind.LOG_DAMAGED, True),
        ("cluster/three-flipped-bits", FaultKind.LOG_DAMAGED, True),
        ("cluster/two-snapshots-cut", FaultKind.SNAPSHOT_DAMAGED, True),  # n2 before the start, n3 behind it
        ("segment/single-zeros", FaultKind.LOG_DAMAGED, False),
        ("segment/flipped-bit-last", FaultKind.LOG_DAMAGED, False),  # nothing is repaired: n2 gets it from the others
    ],
)
def test_a_fault_that_the_first_steps_repair(name: str, kind: FaultKind, repairable: bool) -> None:
    faults = [fault for fault in case_of(name).faults if fault.kind is kind]
    assert [fault.repairable for fault in faults] == [repairable]


def test_who_ends_before_what_is_at_risk_does_not_have_it() -> None:
    """n1 and n2 contradict the others from entries on whose end is not known: the copies reach what they begin with."""
    document = report("cluster/exchanged-full-segments")
    ends = {node.name: node.log.last_index for cluster in document.clusters for node in cluster.nodes if node.log}
    for lost in known(document.case).lost:
        assert all(ends[name] >= (lost.first_index or 0) for name in lost.also_on)
