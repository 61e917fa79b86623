"""ID006: the role in info.yaml is not the node's role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.roles import Role
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class OldRole:
    """A role in info.yaml that is no longer the node's.

    Attributes:
        written: in info.yaml.
        raft: in the raft configuration.
    """

    kind: ClassVar[str] = "old-role"
    written: Role
    raft: Role

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"info.yaml has the role {self.written.value}, but the node is a {self.raft.value} in raft",
            ("The role in info.yaml is never updated.",),
        )


@rule(
    "ID006",
    "role in info.yaml is not the role in raft",
    Severity.INFO,
    fault=FaultKind.IDENTITY_FILES,
    scope=Node,
    needs=(Needs.INFO, Needs.CONFIGURATION),
    effect=Effect.NONE,
    fires_on=("healthy/roles-111",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def role(node: Node) -> Iterator[Finding]:
    """## What it checks
    The role in info.yaml, against the newest configuration in this node's own log and snapshots.
    ## Why it matters
    It changes nothing: info.yaml is written once, when the node is made, with the role 0 (voter), and never updated.
    The role that counts is in the raft configuration. It is reported because it misleads whoever reads the file.
    ## False alarm if
    It is never a fault.
    ## What to do
    Nothing.
    ## References
    docs/reference/go-dqlite.md#what-the-files-mean
    """
    info = node.info.value if node.info else None
    configuration = node.configuration
    server = configuration.configuration.by_id(info.id) if info and info.id and configuration else None
    if info and server and info.role and server.role and info.role is not server.role:
        yield Finding(OldRole(info.role, server.role), (info.at,))
