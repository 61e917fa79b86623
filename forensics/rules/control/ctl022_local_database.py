"""CTL022: LXD's local.db cannot be read, or does not say which member this server is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.local_database import LocalDatabase
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import FileRole
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.unusable_file import EmptyFile
from forensics.wording import Words, count


@dataclass(frozen=True, slots=True)
class UnreadableDatabase:
    """A local.db that SQLite cannot read."""

    kind: ClassVar[str] = "unreadable-database"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words("local.db is not a SQLite database that can be read")


@dataclass(frozen=True, slots=True)
class NoClusterAddress:
    """Members without an address of this server.

    Attributes:
        members: rows of raft_nodes.
    """

    kind: ClassVar[str] = "no-cluster-address"
    members: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "local.db names members of a cluster but has no cluster.https_address",
            (f"raft_nodes has {count(self.members, 'row')}.",),
        )


@dataclass(frozen=True, slots=True)
class AddressOfNobody:
    """An own address that no member has.

    Attributes:
        address: `cluster.https_address`.
        members: rows of raft_nodes.
    """

    kind: ClassVar[str] = "address-of-nobody"
    address: str
    members: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"local.db gives this server the address {self.address}, which none of its members has",
            (f"raft_nodes has {count(self.members, 'row')}. The daemon comes up without a database of its own.",),
            "Find out which address this server has now, and which one the other members know. "
            "`lxd cluster edit` changes the addresses of members.",
        )


@dataclass(frozen=True, slots=True)
class OtherId:
    """A member whose id differs between local.db and raft.

    Attributes:
        address: of the member.
        local_id: in raft_nodes.
        raft_id: in the raft configuration.
    """

    kind: ClassVar[str] = "other-id"
    address: str
    local_id: str
    raft_id: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.address} has another id in local.db than in the raft configuration",
            (f"raft_nodes says {self.local_id}, the raft configuration {self.raft_id}.",),
        )


@rule(
    "CTL022",
    "local.db does not say which member this server is",
    Severity.HIGH,
    fault=FaultKind.IDENTITY_FILES,
    scope=Node,
    products=("lxd", "incus"),
    effect=Effect.NODE_DOWN,
    fires_on=("control/local-db-empty", "control/local-db-no-address", "control/local-db-other-address"),
    silent_on=("healthy/lxd",),
)
def local_database(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    local.db of LXD or Incus is a SQLite database. If its table raft_nodes names members, `cluster.https_address` is set
    and is the address of one of them, and that member has the same id in the raft configuration.
    ## Why it matters
    The daemon reads local.db first: it takes the place of info.yaml, and nothing starts without it. With members but no
    address the start ends in `Server is clustered (has local raft addresses) but cluster.https_address is not set`.
    With an address that no member has, the daemon comes up without a database of its own.
    ## False alarm if
    The server was running, and the copy caught the file in the middle of a transaction. An address that no member has
    is the milder case.
    ## What to do
    Compare with `local.db.bak` beside it, the copy from before the last change of the schema. The members are those of
    the raft configuration in this report; `lxd cluster edit` writes them anew.
    ## References
    canonical/lxd lxd/node/raft.go (DetermineRaftNode), lxd/daemon.go, lxd/cluster/membership.go (Enabled);
    docs/reference/products.md#lxd
    """
    file = next((file for file in node.state.around.values() if file.role is FileRole.LOCAL_DATABASE), None)
    if file is None:
        yield NotChecked("there is no local.db in the upload", "missing-local-database")
    elif file.size_max == 0:
        yield Finding(EmptyFile("local.db"), (file.at,), where=("local.db",))
    elif file.blob is None or file.cut:
        yield NotChecked("the content of local.db did not arrive", "missing-content")
    elif node.local is None:
        yield Finding(UnreadableDatabase(), (file.at,), where=("local.db",))
    elif node.local.nodes:
        yield from _own(node, node.local)


def _own(node: Node, local: LocalDatabase) -> Iterator[Finding]:
    members = len(local.nodes)
    own = next((member for member in local.nodes if member.address == local.cluster_address), None)
    if local.cluster_address is None:
        yield Finding(NoClusterAddress(members), (local.at,), where=("local.db",))
    elif own is None:
        problem = AddressOfNobody(local.cluster_address, members)
        where = (local.cluster_address,)
        yield Finding(problem, (local.at,), Severity.MEDIUM, effect=Effect.DEGRADED, where=where)
    elif node.configuration is not None:
        servers = node.configuration.configuration.servers
        server = next((server for server in servers if server.address == own.address), None)
        if server is not None and server.id != own.id:
            spans = (local.at, node.configuration.configuration.at)
            yield Finding(OtherId(own.address, str(own.id), str(server.id)), spans, where=(own.address,))
