"""CLU023: two nodes of one history with different data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.rules.page_words import DifferentPages, pages_of
from forensics.wording import Words, listed


@dataclass(frozen=True, slots=True)
class DifferentData:
    """Two nodes' databases at one index.

    Attributes:
        index: of the snapshot.
        node: whose snapshot it is.
        other: the node that has other data there.
        pages: where they differ, by database.
    """

    kind: ClassVar[str] = "different-data"
    index: int
    node: str
    other: str
    pages: tuple[DifferentPages, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        pages = listed(one.words() for one in self.pages)
        return Words(
            f"{self.node} and {self.other} have different data at index {self.index}, although their logs are equal",
            (f"The snapshot of {self.node} and what {self.other} has there differ in {pages}.",),
        )


@rule(
    "CLU023",
    "different data on two nodes at one index",
    Severity.HIGH,
    fault=FaultKind.DATA_DIFFERS,
    scope=Cluster,
    needs=(Needs.SNAPSHOTS, Needs.SEVERAL_NODES),
    effect=Effect.DEGRADED,
    fires_on=("cluster/snapshots-differ",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-111", "healthy/lagging-118"),
)
def snapshot_differs(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The databases in a node's newest snapshot, page by page, against those that another node of the same history has at
    that index, in a snapshot of its own or by following its log.
    ## Why it matters
    Equal entries give equal databases: in real directories of dqlite 1.11 and 1.18 they are equal byte by byte. If they
    differ although the logs are equal, one node lost or changed something before its log begins. Raft never notices,
    and what a client reads depends on which node leads.
    ## False alarm if
    Somebody put the directory together from two copies. Databases of more than 64 MB are not compared.
    ## What to do
    Recover from neither of them before you know which one is right: use `extract --at` with the index on both, and
    compare with a third node. Then give the other one an empty directory and let it join again.
    ## References
    docs/reference/raft.md#what-must-hold (snapshots at the same index);
    docs/reference/commands.md#rebuilding-a-database
    """
    if not cluster.snapshot_comparisons:
        yield NotChecked(
            "no other node's evidence reaches the index of a newest snapshot, or the databases are too large",
            "no-other-node-to-compare",
        )
    told = {node.name for node in cluster.nodes if node.difference is not None and node.difference.pages}  # DB003
    for compared in cluster.snapshot_comparisons:
        if not compared.difference.pages or told & {compared.node, compared.other}:
            continue
        yield Finding(
            DifferentData(compared.difference.index, compared.node, compared.other, pages_of(compared.difference)),
            (compared.difference.snapshot, *compared.difference.places),
            nodes=(compared.node, compared.other),
            where=(compared.difference.index,),
        )
