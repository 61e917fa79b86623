"""What several nodes have in common, where the same is wrong with them."""

from __future__ import annotations

import pytest

from forensics.fault_kind import FaultKind
from tests.fixtures import known, report


@pytest.mark.parametrize(
    ("name", "nodes"),
    [
        ("newest-empty", None),  # one node: a power cut leaves the same
        ("newest-empty-twice", ("n1", "n2")),
        ("newest-empty-everywhere", ()),  # on every node
    ],
)
def test_empty_snapshots_of_several_nodes_point_to_full_disks(name: str, nodes: tuple[str, ...] | None) -> None:
    case = known(report(f"snapshot/{name}").case)
    [fault] = [fault for fault in case.faults if fault.kind is FaultKind.SNAPSHOT_DAMAGED]
    assert fault.suspects == (() if nodes is None else (FaultKind.DISK_FULL,))
    runs = [run for step in case.first for run in step.runs if any("df -h" in command for command in run.commands)]
    assert [run.nodes for run in runs] == ([] if nodes is None else [nodes])
