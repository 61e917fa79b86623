"""LXD's and Incus' node-local database: who this node is, and whom it knows. It stands for info.yaml and cluster.yaml.

`raft_nodes` is a cache of the raft configuration, refreshed by heartbeats: it lags as cluster.yaml does
(docs/reference/products.md#lxd). The other tables are not read: `config` holds passwords beside the addresses.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.evidence import Blob, Span
from forensics.facts.database.open import Database, QueryError
from forensics.facts.database.pages import Pages
from forensics.facts.one_file import parsed_file
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateDirectory
from forensics.limits import LOCAL_DATABASE_BYTES_MAX
from forensics.masking.text import masked_name
from forensics.parsers.roles import Role

_PAGE_SIZES = frozenset(1 << power for power in range(9, 17))
_ADDRESSES = "SELECT key, value FROM config WHERE key IN ('cluster.https_address', 'core.https_address')"
_NODES = "SELECT id, address, role, name FROM raft_nodes ORDER BY id LIMIT 1000"
_NODES_OLD = "SELECT id, address, 0, '' FROM raft_nodes ORDER BY id LIMIT 1000"  # before roles and names


@dataclass(frozen=True, slots=True)
class RaftNode:
    """A row of raft_nodes."""

    id: int
    address: str
    role: Role | None
    name: str


@dataclass(frozen=True, slots=True)
class LocalDatabase:
    """What local.db says of the cluster.

    Attributes:
        address: of this node, for the cluster or else for clients; None where it has none (a standalone server).
        cluster_address: `cluster.https_address`; None where the server is in no cluster.
        nodes: the members that it knows.
        at: the file.
    """

    address: str | None
    nodes: tuple[RaftNode, ...]
    at: Span
    cluster_address: str | None = None

    @property
    def own(self) -> RaftNode | None:
        """This node's row: by its address; the only one where there is but one."""
        if len(self.nodes) == 1:
            return self.nodes[0]
        return next((node for node in self.nodes if node.address == self.address), None)


def read_local_database(state: StateDirectory) -> LocalDatabase | None:
    """None where there is no local.db, or it cannot be read."""
    file = next((file for file in state.around.values() if file.role is FileRole.LOCAL_DATABASE), None)
    if file is None or file.blob is None or not 512 <= file.blob.size <= LOCAL_DATABASE_BYTES_MAX:
        return None
    return parsed_file(_read, file.blob)


def _read(blob: Blob) -> LocalDatabase | None:
    data = blob.read()
    page_size = int.from_bytes(data[16:18], "big") or 65536
    if page_size not in _PAGE_SIZES:
        return None
    pages = Pages(blob.path.rpartition("/")[2], page_size)
    try:
        pages.copy(1, data[: len(data) // page_size * page_size])
        with Database(pages) as database:
            rows = database.rows(_ADDRESSES) if "config" in database.tables() else []
            known = {str(key): masked_name(str(value)) for key, value in rows if value}
            cluster = known.get("cluster.https_address")
            return LocalDatabase(cluster or known.get("core.https_address"), _nodes(database), blob.span(), cluster)
    except QueryError:
        return None
    finally:
        pages.close()


def _nodes(database: Database) -> tuple[RaftNode, ...]:
    if "raft_nodes" not in database.tables():
        return ()
    try:
        rows = database.rows(_NODES)
    except QueryError:
        rows = database.rows(_NODES_OLD)
    return tuple(
        RaftNode(
            row[0] % (1 << 64),
            masked_name(str(row[1])),
            Role.from_yaml(row[2]) if isinstance(row[2], int) else None,
            masked_name(str(row[3])),
        )
        for row in rows
        if isinstance(row[0], int)
    )
