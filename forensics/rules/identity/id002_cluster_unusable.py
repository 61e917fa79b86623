"""ID002: cluster.yaml that gives no members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.addresses import finds_nobody
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.rules.unusable_file import unusable
from forensics.wording import Words, count


@dataclass(frozen=True, slots=True)
class NoAddresses:
    """A cluster.yaml without any address.

    Attributes:
        members: that it lists.
    """

    kind: ClassVar[str] = "no-addresses"
    members: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words("cluster.yaml has no address of any member", (f"It lists {count(self.members, 'member')}.",))


@rule(
    "ID002",
    "cluster.yaml that cannot be used",
    Severity.CRITICAL,
    fault=FaultKind.IDENTITY_FILES,
    scope=Node,
    needs=(Needs.CLUSTER,),
    fires_on=("identity/cluster-empty", "identity/cluster-half", "identity/cluster-no-address"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def cluster_unusable(node: Node) -> Iterator[Finding]:
    """## What it checks
    cluster.yaml is a YAML list of members, and at least one of them has an address.
    ## Why it matters
    In this file a node finds the addresses at which to look for the leader. go-dqlite does not start if it cannot read
    it (`open cluster.yaml node store: …`), and never finds its cluster if no address is in it. As with an empty
    info.yaml, power cuts and full disks are the usual causes.
    ## False alarm if
    The node was never a member.
    ## What to do
    Copy the file from another node of the same cluster: it is the same on all of them. The membership itself is in the
    raft log, and is not harmed.
    ## References
    canonical/go-dqlite client/store.go; https://github.com/canonical/microk8s/issues/2324;
    https://github.com/canonical/microk8s/issues/2730; docs/reference/go-dqlite.md#what-the-files-mean
    """
    parsed = node.cluster
    if parsed is None:
        return
    file = node.state.files["cluster.yaml"]
    if parsed.value is None:
        yield from unusable(
            file, parsed.anomalies[-1:], stops=node.is_stopped_by(file.name)
        )  # the last one is where reading ended
    elif finds_nobody(node):
        span = parsed.value.at if parsed.value.at.length else file.at
        yield Finding(NoAddresses(len(parsed.value.members)), (span,))
