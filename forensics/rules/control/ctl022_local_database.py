"""CTL022: LXD's local.db cannot be read, or does not say which member this server is."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.local_database import LocalDatabase
from forensics.facts.node.node import Node
from forensics.ingest.roles import FileRole
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule


@rule(
    "CTL022",
    "local.db does not say which member this server is",
    Severity.HIGH,
    scope=Node,
    products=("lxd", "incus"),
    effect=Effect.NODE_DOWN,
    fires_on=("control/local-db-empty", "control/local-db-no-address", "control/local-db-other-address"),
    silent_on=("healthy/lxd",),
)
def local_database(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    local.db of LXD or Incus: it is a SQLite database; where its raft_nodes names members, `cluster.https_address` is
    set and is the address of one of them, whose id is the one that raft has for that address.
    ## Why it matters
    The daemon reads it before anything else: it stands for info.yaml. Without it nothing starts. With members and no
    address the start ends in `Server is clustered (has local raft addresses) but cluster.https_address is not set`;
    with an address that is no member's the daemon comes up without a database of its own (medium).
    ## False alarm if
    A copy of a running server can catch the file in the middle of a transaction.
    ## What to do
    `local.db.bak` beside it is the copy before the last change of the schema: compare. The members are those of the
    raft configuration in this report; `lxd cluster edit` writes them anew.
    ## References
    canonical/lxd lxd/node/raft.go (DetermineRaftNode), lxd/daemon.go, lxd/cluster/membership.go (Enabled); FACTS 9.1
    """
    file = next((file for file in node.state.around.values() if file.role is FileRole.LOCAL_DATABASE), None)
    if file is None:
        yield NotChecked("no local.db")
    elif file.size_max == 0:
        yield Finding("local.db has zero bytes", (file.at,))
    elif file.blob is None or file.cut:
        yield NotChecked("the content of local.db is not at hand")
    elif node.local is None:
        yield Finding("local.db is no SQLite database that can be read", (file.at,))
    elif node.local.nodes:
        yield from _own(node, node.local)


def _own(node: Node, local: LocalDatabase) -> Iterator[Finding]:
    count = len(local.nodes)
    own = next((member for member in local.nodes if member.address == local.cluster_address), None)
    if local.cluster_address is None:
        yield Finding(f"local.db names {count} members in raft_nodes, and no cluster.https_address", (local.at,))
    elif own is None:
        message = f"cluster.https_address is {local.cluster_address}, and none of the {count} rows in raft_nodes has it"
        yield Finding(message, (local.at,), Severity.MEDIUM, effect=Effect.DEGRADED)
    elif node.configuration is not None:
        servers = node.configuration.configuration.servers
        server = next((server for server in servers if server.address == own.address), None)
        if server is not None and server.id != own.id:
            message = f"raft_nodes has id {own.id} for {own.address}, the raft configuration {server.id}"
            yield Finding(message, (local.at, node.configuration.configuration.at))
