"""MBR007: LXD's local database and the raft configuration name different members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, listed, verb


class Source(Enum):
    """Who names the members."""

    RAFT = "raft"
    TABLE = "raft_nodes"


@dataclass(frozen=True, slots=True)
class OnlyInOne:
    """Addresses of members that only one of the two sources has."""

    kind: ClassVar[str] = "only-in-one"
    source: Source
    addresses: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        configuration, table = "the raft configuration", "raft_nodes of local.db"
        here, there = (configuration, table) if self.source is Source.RAFT else (table, configuration)
        return Words(f"{listed(self.addresses)} {verb(len(self.addresses), 'is', 'are')} in {here}, but not in {there}")


@rule(
    "MBR007",
    "raft_nodes and the raft configuration name different members",
    Severity.LOW,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Node,
    needs=(Needs.CONFIGURATION,),
    effect=Effect.ATTENTION,
    fires_on=("member/raft-nodes-differ",),
    silent_on=("member/raft-nodes-agree",),
)
def raft_nodes(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The addresses of `raft_nodes` in local.db of LXD or Incus, against the newest raft configuration on this node.
    ## Why it matters
    The daemon looks for the leader at the addresses of this table, and `cluster edit` starts from it. If an address is
    outdated, the node waits for nobody; and a recovery from an old table leaves members out.
    ## False alarm if
    The members changed seconds ago, or the node was cut off: the table is a cache that heartbeats refresh.
    ## What to do
    Take the members from the raft configuration. Before a recovery, compare `lxd cluster show` on a running node with
    what `lxd cluster edit` offers.
    ## References
    canonical/lxd lxd/db/node, lxd/cluster/recover.go; docs/reference/products.md#lxd
    """
    if node.local is None:
        yield NotChecked("there is no local.db of LXD or Incus", "no-local-database")
        return
    if node.configuration is None or not node.local.nodes:
        return
    table = {member.address for member in node.local.nodes}
    raft = {server.address for server in node.configuration.configuration.servers}
    evidence = (node.local.at, node.configuration.configuration.at)
    for source, only in ((Source.RAFT, raft - table), (Source.TABLE, table - raft)):
        if only:
            yield Finding(OnlyInOne(source, tuple(sorted(only))), evidence, where=(source.value,))
