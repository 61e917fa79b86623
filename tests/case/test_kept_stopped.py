"""Nodes that would start, and that are to be kept stopped all the same: no sentence calls them safe."""

from __future__ import annotations

from forensics.election.state import Reason, State
from tests.fixtures import known, report


def test_a_node_of_another_cluster_in_a_members_place() -> None:
    """n3 was wiped and founded a cluster of its own, at the address of a member of n1 and n2."""
    case = known(report("cluster/two-bootstraps").case)
    states = {one.node: (one.state, one.reason, one.with_) for one in case.nodes}
    assert states["n3"] == (State.SPLITS, Reason.OTHER_CLUSTER, ("n1", "n2"))
    assert states["n1"] == states["n2"] == (State.SAFE, Reason.WHOLE, ())
    assert all("n3" not in (*step.nodes, *step.then) for step in case.first if step.kind == "start")
