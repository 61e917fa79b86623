"""The benchmark's writes have the shares and sizes that others counted (see fixtures/make/busy_cluster.py)."""

from __future__ import annotations

import zlib
from collections import defaultdict
from itertools import islice

from fixtures.make.busy_cluster import NODES, BusyCluster

_WRITES = 1_500  # some three minutes of the cluster


def test_shares_and_sizes_are_those_of_a_cluster() -> None:
    sizes: dict[str, list[int]] = defaultdict(list)
    cluster = BusyCluster(pods=[("team-1", f"app-{number}-0123456789-abcde") for number in range(20)])
    for write in islice(cluster.run(), _WRITES):
        sizes["/".join(write.name.split("/")[2:4])].append(len(write.value or b""))
    nodes, leaders = sizes["leases/kube-node-lease"], sizes["leases/kube-system"]
    assert 0.85 < (len(nodes) + len(leaders)) / _WRITES < 0.95
    assert 0.4 < len(nodes) / (len(nodes) + len(leaders)) < 0.65  # 50 every ten seconds, 8 every two
    assert 300 < min(nodes) <= max(nodes) < 500
    assert 400 < min(leaders) <= max(leaders) < 1_300
    assert all(15_000 < size < 20_000 for kind, found in sizes.items() if kind.startswith("minions/") for size in found)


def test_it_begins_with_its_nodes_and_repeats_itself() -> None:
    one, other = (list(islice(BusyCluster().begin(), NODES + 60)) for _ in range(2))
    assert one == other
    assert {write.name.split("/")[2] for write in one[:NODES]} == {"minions"}
    pods = [write.value or b"" for write in one[NODES:] if write.name.startswith("/registry/pods/")]
    assert all(value.startswith(b"k8s\0\n\x09\n\x02v1\x12\x03Pod") for value in pods)  # runtime.Unknown, its TypeMeta
    packed = len(zlib.compress(b"".join(pods))) / sum(map(len, pods))
    assert 0.05 < packed < 0.3
