"""CLU013: a node that missed an election."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, listed, verb


@dataclass(frozen=True, slots=True)
class OlderTerm:
    """A node whose term is older than that of others.

    Attributes:
        term: its own.
        newest: the newest term of any node, and ahead: the nodes that are at it.
    """

    kind: ClassVar[str] = "older-term"
    node: str
    term: int
    newest: int
    ahead: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        are = verb(len(self.ahead), "is", "are")
        return Words(
            f"{self.node} took no part in the newest election",
            (f"It is at term {self.term}; {listed(self.ahead)} {are} at term {self.newest}.",),
        )


@rule(
    "CLU013",
    "node that took no part in the newest election",
    Severity.INFO,
    fault=FaultKind.NODE_BEHIND,
    scope=Cluster,
    needs=(Needs.METADATA, Needs.SEVERAL_NODES),
    fires_on=("cluster/old-leader",),
    silent_on=("healthy/running-111",),
)
def terms(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    The term in every node's metadata.
    ## Why it matters
    An election raises the term on every node that takes part. A node with an older term was down or cut off when the
    others elected a leader; it follows that leader as soon as it meets it. The terms tell who was away, and since when.
    ## False alarm if
    The node was copied before the election, while the cluster ran.
    ## What to do
    Nothing.
    ## References
    docs/reference/metadata.md#metadata1-and-metadata2; docs/reference/raft.md#what-must-hold
    """
    known = [(node, node.metadata) for node in cluster.originals() if cluster.server_of(node)]
    newest = max((metadata.term for _, metadata in known if metadata is not None), default=0)
    ahead = tuple(node.name for node, metadata in known if metadata is not None and metadata.term == newest)
    for node, metadata in known:
        if metadata is not None and metadata.term < newest:
            yield Finding(OlderTerm(node.name, metadata.term, newest, ahead), (metadata.at,), nodes=(node.name,))
