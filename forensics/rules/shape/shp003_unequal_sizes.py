"""SHP003: one node's directory is many times larger than the others'."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.file_statistics import size_on_disk
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule

_LARGE_BYTES = 2**30


@rule(
    "SHP003",
    "one node's directory is many times larger than the others'",
    Severity.MEDIUM,
    scope=Cluster,
    needs=(Needs.SEVERAL_NODES,),
    effect=Effect.ATTENTION,
    fires_on=("shape/unequal-sizes",),
    silent_on=("healthy/running-111",),
)
def unequal_sizes(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The sizes of the nodes' directories against each other.
    ## Why it matters
    Members of one database hold the same data. A directory that is several times larger holds what the others have
    cleaned up: orphan snapshots (data without .meta), copies, logs that are not trimmed.
    ## False alarm if
    A dump or a backup that somebody keeps in the directory.
    ## What to do
    List that directory by size. Snapshot data files without a .meta beside them are never read and can go.
    ## References
    https://github.com/canonical/dqlite/issues/289; https://github.com/canonical/microk8s/issues/2167
    """
    sizes = sorted((size_on_disk(node)[0], node.name, node) for node in cluster.nodes if size_on_disk(node)[0])
    if len(sizes) < 2:
        yield NotChecked("sizes of fewer than two directories are known")
        return
    median = sizes[(len(sizes) - 1) // 2][0]
    for size, name, node in sizes:
        if size >= _LARGE_BYTES and size > 3 * median:
            told = f"{size / 2**30:.1f} GiB, others {median / 2**30:.1f} GiB"
            message = f"{name}'s directory takes {told}: snapshots without .meta (orphans) would explain it"
            yield Finding(message, (size_on_disk(node)[1],), nodes=(name,))
