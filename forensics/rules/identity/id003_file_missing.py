"""ID003: info.yaml or cluster.yaml is missing."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.roles import RAFT_ROLES
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "ID003",
    "info.yaml or cluster.yaml missing",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.NAMES,),
    products=("k8s-dqlite", "k8sd", "microk8s", "microceph", "microovn", "microcloud", "sunbeam", "juju", "unknown"),
    fires_on=("identity/only-info", "identity/only-cluster", "identity/neither"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def file_missing(node: Node) -> Iterator[Finding]:
    """## What it checks
    Both files are there, or neither is. Told by names. (LXD and Incus keep their members elsewhere, and are not asked.)
    ## Why it matters
    With exactly one of them go-dqlite refuses to start: `inconsistent info.yaml and cluster.yaml`. With neither, beside
    raft files, it would take the node for a new one and give it a new ID.
    ## False alarm if
    An upload that lacks small files. A first start that failed removes both by itself.
    ## What to do
    Look for the file in backups; ID and address stand in the raft configuration, and cluster.yaml is the same on all
    nodes. Do not start the node without them.
    ## References
    canonical/go-dqlite app/app.go; FACTS 6.1, 6.3
    """
    there = [name for name in ("info.yaml", "cluster.yaml") if name in node.state.files]
    if len(there) == 1:
        other = "cluster.yaml" if there == ["info.yaml"] else "info.yaml"
        yield Finding(f"{there[0]} is there, {other} is not: the node does not start", (node.state.files[there[0]].at,))
    elif not there and node.state.product.database != "unknown":
        raft = [file for file in node.state.files.values() if file.role in RAFT_ROLES]
        if raft:
            message = f"neither info.yaml nor cluster.yaml beside {len(raft)} raft files: it would get a new ID"
            yield Finding(message, (raft[0].at,), Severity.MEDIUM, effect=Effect.ATTENTION)
