"""ID008: a node that its own cluster.yaml does not list."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule


@rule(
    "ID008",
    "node missing from its own cluster.yaml",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.INFO, Needs.CLUSTER),
    fires_on=("identity/self-missing",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def self_missing(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Somewhere in cluster.yaml stands the ID or the address of info.yaml.
    ## Why it matters
    cluster.yaml is the leader's list of members, written anew twice a minute. A node that is not in it was removed
    while it ran, never got in, or carries a file of another cluster.
    ## False alarm if
    In the first seconds of a joining node's life (its members then have ID 0: told apart).
    ## What to do
    Look whether the raft configuration of the other nodes has this ID. If not, it is no member: let it join again with
    an empty directory.
    ## References
    https://github.com/canonical/microk8s/issues/1401; FACTS 6.3
    """
    info = node.info.value if node.info else None
    members = node.cluster.value.members if node.cluster and node.cluster.value else ()
    if info is None or info.id is None or not members or all(member.id == 0 for member in members):
        yield NotChecked("info.yaml or cluster.yaml names nobody")
    elif not any(member.id == info.id or member.address == info.address for member in members):
        message = f"info.yaml says {info.id} at {info.address}; cluster.yaml lists neither among {len(members)} members"
        yield Finding(message, (info.at, *(member.at for member in members)))
