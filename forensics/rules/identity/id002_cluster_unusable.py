"""ID002: cluster.yaml that gives no members."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "ID002",
    "cluster.yaml that cannot be used",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.CLUSTER,),
    fires_on=("identity/cluster-empty", "identity/cluster-half", "identity/cluster-no-address"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def cluster_unusable(node: Node) -> Iterator[Finding]:
    """## What it checks
    cluster.yaml is a YAML list of members, and at least one of them has an address.
    ## Why it matters
    It is the address book by which a node finds the leader. go-dqlite does not start where it cannot read it (`open
    cluster.yaml node store: …`), and never finds its cluster where no address is in it. The causes are those of an
    empty info.yaml: power cuts and full disks.
    ## False alarm if
    Never on a node that has been a member.
    ## What to do
    Copy the file from another node of the same cluster: it is the same on all of them. The membership itself lies in
    the raft log and is not harmed.
    ## References
    canonical/go-dqlite client/store.go; https://github.com/canonical/microk8s/issues/2324;
    https://github.com/canonical/microk8s/issues/2730; FACTS 6
    """
    parsed = node.cluster
    if parsed is None:
        return
    whole = node.state.files["cluster.yaml"].at
    if parsed.value is None:
        anomaly = parsed.anomalies[0]
        yield Finding(f"cluster.yaml: {anomaly.detail}", (anomaly.at if anomaly.at.length else whole,))
    elif not any(member.address for member in parsed.value.members):
        message = f"none of the {len(parsed.value.members)} members in cluster.yaml has an address"
        yield Finding(message, (parsed.value.at if parsed.value.at.length else whole,))
