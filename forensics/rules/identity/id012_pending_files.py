"""ID012: init.yaml or update.yaml waits for the next start."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node import Node
from forensics.ingest.roles import RAFT_ROLES
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "ID012",
    "init.yaml or update.yaml waits for the next start",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.NAMES,),
    products=("k8s-dqlite", "microk8s"),
    fires_on=("identity/init-pending", "identity/update-pending"),
    silent_on=("healthy/trimmed-111", "healthy/sosreports"),
)
def pending(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether init.yaml lies beside existing state, and whether update.yaml is there. Told by names.
    ## Why it matters
    k8s-dqlite refuses to start with init.yaml where any state exists (`data directory seems to have existing state`).
    With update.yaml the next start makes this node the only member of its cluster, with the address in the file: the
    others are cut off, and started later they form a second history.
    ## When it is wrong
    Where somebody is in the middle of a recovery, and knows it.
    ## What to do
    Ask who put the file there. Unless this node alone is to survive, take it away before anything is started.
    ## References
    canonical/k8s-dqlite pkg/server/server.go; FACTS 4.4, 7.2
    """
    init, update = node.state.files.get("init.yaml"), node.state.files.get("update.yaml")
    state = sorted(name for name, file in node.state.files.items() if file.role in RAFT_ROLES or name == "info.yaml")
    if init is not None and state:
        message = f"init.yaml beside existing state ({state[0]}): the node does not start"
        yield Finding(message, (init.at,), Severity.CRITICAL, effect=Effect.NODE_DOWN)
    elif update is not None:
        message = "update.yaml: the next start makes this node the only member"
        yield Finding(message, (update.at,), effect=Effect.ATTENTION)
