"""Nodes that would start, and that are to be kept stopped all the same: no sentence calls them safe."""

from __future__ import annotations

import pytest

from forensics.election.state import Reason, State
from forensics.report.case_lines import answers_of_case
from tests.fixtures import known, report


def test_a_node_of_another_cluster_in_a_members_place() -> None:
    """n3 was wiped and founded a cluster of its own, at the address of a member of n1 and n2."""
    case = known(report("cluster/two-bootstraps").case)
    states = {one.node: (one.state, one.reason, one.with_) for one in case.nodes}
    assert states["n3"] == (State.SPLITS, Reason.OTHER_CLUSTER, ("n1", "n2"))
    assert states["n1"] == states["n2"] == (State.SAFE, Reason.WHOLE, ())
    assert all("n3" not in (*step.nodes, *step.then) for step in case.first if step.kind == "start")


def test_nodes_without_a_forced_configuration_behind_a_wrong_name() -> None:
    """n1 was recovered by itself at 87 and went on to 117, as segments with right names show: n2 and n3 end at 86."""
    case = known(report("cluster/forced-member-misnamed-segment").case)
    states = {one.node: one for one in case.nodes}
    assert states["n2"].state is states["n3"].state is State.LOSES
    assert "to 117" in states["n2"].words
    assert [one.node for one in case.recover_from] == ["n1"]
    assert all({"n2", "n3"}.isdisjoint((*step.nodes, *step.then)) for step in case.first if step.kind == "start")


def test_no_repair_that_gives_entries_wrong_indexes() -> None:
    """Once its two closed segments are moved away, n1 starts, and has 87 to 106 as 2 to 21."""
    case = known(report("cluster/swapped-segments-before-others").case)
    [start] = [step for step in case.first if step.kind == "start"]
    assert (start.nodes, start.then) == (("n2", "n3"), ())
    assert [step.nodes for step in case.first if step.kind == "rejoin"] == [("n1",)]


def test_who_can_elect_itself_does_not_follow() -> None:
    """n1's start keeps entry 1, whose only voter is n1; n3 has every entry, and n2 gets them from it."""
    case = known(report("cluster/two-short-names").case)
    states = {one.node: one.state for one in case.nodes}
    assert (states["n1"], states["n3"]) == (State.LOSES, State.SAFE)
    [start] = [step for step in case.first if step.kind == "start"]
    assert (start.nodes, start.then) == (("n2", "n3"), ())


def test_two_directories_with_one_raft_id() -> None:
    """n3's was replaced by a copy of n2's: nothing tells whose machine the ID belongs to, so neither is just safe."""
    made = report("cluster/copied-directory")
    states = {one.node: one for one in known(made.case).nodes}
    copies = {copy.node: copy.of for cluster in made.clusters for copy in cluster.copies}
    assert copies == {"n3": "n2"}
    assert states["n2"].twins == ("n3",)
    assert states["n2"].words.startswith("safe to start, but never both it and n3")
    assert states["n1"].twins == ()
    told = "\n".join(line.text for line in answers_of_case(made)[0].lines)
    assert "n1: safe to start: " in told
    assert "n3: the same state as n2, with its raft ID: never start both" in told


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("identity/cluster-empty", Reason.FINDS_NOBODY),
        ("identity/cluster-no-address", Reason.FINDS_NOBODY),
        ("identity/info-no-address", Reason.NO_ADDRESS),
    ],
)
def test_who_never_is_ready(name: str, reason: Reason) -> None:
    """Measured with go-dqlite (docs/reference/go-dqlite.md#what-ends-a-start): n2 comes up, and is never ready."""
    states = {one.node: one for one in known(report(name).case).nodes}
    assert (states["n2"].state, states["n2"].reason) == (State.SAFE, reason)
    assert states["n2"].words.startswith("will start, but never be ready: ")
    assert states["n1"].reason is states["n3"].reason is Reason.WHOLE


@pytest.mark.parametrize(("name", "node"), [("moved-address", "n2"), ("address-change-missed", "n3-before")])
def test_a_member_at_another_address(name: str, node: str) -> None:
    """Its start does no harm: it is one of three voters, and the others do not dial its address."""
    states = {one.node: one for one in known(report(f"cluster/{name}").case).nodes}
    assert (states[node].state, states[node].reason) == (State.SAFE, Reason.OTHER_ADDRESS)
    assert [one.reason for one in states.values()].count(Reason.WHOLE) == 2
