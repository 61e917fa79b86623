"""ID006: the role in info.yaml is not the node's role."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "ID006",
    "role in info.yaml is not the role in raft",
    Severity.INFO,
    scope=Node,
    needs=(Needs.INFO, Needs.CONFIGURATION),
    effect=Effect.NONE,
    fires_on=("healthy/roles-111",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def role(node: Node) -> Iterator[Finding]:
    """## What it checks
    The role in info.yaml, against the newest configuration of this node's own log and snapshots.
    ## Why it matters
    It does not: info.yaml is written once, at creation, with role 0 (voter), and never updated. The role that counts
    stands in the raft configuration. Told because it misleads whoever reads the file.
    ## False alarm if
    Never; it is no fault.
    ## What to do
    Nothing.
    ## References
    FACTS 6.3
    """
    info = node.info.value if node.info else None
    configuration = node.configuration
    server = configuration.configuration.by_id(info.id) if info and info.id and configuration else None
    if info and server and info.role and server.role and info.role is not server.role:
        message = f"info.yaml says {info.role.value}, raft says {server.role.value}: info.yaml's is never updated"
        yield Finding(message, (info.at,))
