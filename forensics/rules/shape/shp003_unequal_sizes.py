"""SHP003: one node's directory is many times larger than the others'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.file_statistics import size_on_disk
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, size

_LARGE_BYTES = 2**30


@dataclass(frozen=True, slots=True)
class MuchLarger:
    """A directory that is far larger than the others.

    Attributes:
        node: whose it is.
        bytes: of the directory.
        median_bytes: of all nodes' directories.
    """

    kind: ClassVar[str] = "much-larger"
    node: str
    bytes: int
    median_bytes: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the state directory of {self.node} is many times larger than the others",
            (
                f"It takes {size(self.bytes)}; the median of all nodes is {size(self.median_bytes)}.",
                "Snapshots without .meta, which nothing uses any more, would explain it.",
            ),
        )


@rule(
    "SHP003",
    "state directory many times larger than on the other nodes",
    Severity.MEDIUM,
    fault=FaultKind.PERFORMANCE,
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
    Members of one database have the same data. A directory that is several times larger contains what the others have
    removed: snapshots without .meta, copies, or a log that is not trimmed.
    ## False alarm if
    Somebody keeps a dump or a backup in the directory.
    ## What to do
    List that directory by size. Data files of snapshots without a .meta beside them are never read, and can be removed.
    ## References
    https://github.com/canonical/dqlite/issues/289; https://github.com/canonical/microk8s/issues/2167
    """
    sizes = sorted((total, node.name, at) for node in cluster.nodes for total, at in [size_on_disk(node)] if total)
    if len(sizes) < 2:
        yield NotChecked("the sizes of at least two directories are needed", "too-few-sizes")
        return
    median = sizes[(len(sizes) - 1) // 2][0]
    for total, name, at in sizes:
        if total >= _LARGE_BYTES and total > 3 * median:
            yield Finding(MuchLarger(name, total, median), (at,), nodes=(name,))
