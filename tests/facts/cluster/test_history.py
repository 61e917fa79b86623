"""What files date, and what they do not."""

from __future__ import annotations

from forensics.facts.cluster.history import boots, restarts
from tests.made_clusters import only_cluster


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
