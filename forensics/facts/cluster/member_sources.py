"""Who the members are, as every source tells it: one row a member, one column a source.

Sources lag behind each other in known ways (docs/reference/go-dqlite.md#what-the-files-mean;
docs/reference/microcluster.md#relations-that-hold); the table only lays them side by side. What of their disagreement
matters is the rules' to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.join import Copy
from forensics.facts.log.entry_arrays import configuration_digest
from forensics.facts.node.node import Node
from forensics.parsers.configuration import Configuration
from forensics.parsers.member_record import MemberRecord


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says of one member; None where it does not say."""

    id: int | None = None
    address: str | None = None
    role: str | None = None
    name: str | None = None


class Found(Enum):
    """Which configuration it is."""

    NEWEST = "newest"
    COMMITTED = "committed"  # the newest that provably is
    NEWEST_OF_NODE = "newest-of-node"  # where another node goes further


@dataclass(frozen=True, slots=True)
class MemberSource:
    """One column.

    Attributes:
        kind: `configuration`, `info.yaml`, `cluster.yaml`, `snapshot`, `daemon.yaml`, `truststore`, `certificate`,
            `core_cluster_members`, ….
        nodes: whose evidence says so.
        index: of the entry behind it, where there is one.
        claims: one a member.
        at: where it was read.
        found: of a configuration, which one it is; else None.
        copy: of info.yaml in a directory that carries another's ID, how the two relate; else None.
    """

    kind: str
    nodes: tuple[str, ...]
    index: int | None
    claims: tuple[Claim, ...]
    at: tuple[Span, ...]
    found: Found | None = None
    copy: Copy | None = None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member: the ID and address that the first source with them gives, and each source's claim or None."""

    id: int | None
    address: str | None
    node: str | None
    cells: tuple[Claim | None, ...]


@dataclass(frozen=True, slots=True)
class MemberMatrix:
    """The table: `rows[i].cells[j]` is what `sources[j]` says of member i."""

    sources: tuple[MemberSource, ...]
    rows: tuple[MemberRow, ...]


def member_matrix(cluster: Cluster) -> MemberMatrix:
    """All sources that the evidence has, and all members that any of them names."""
    sources = [source for provide in PROVIDERS for source in provide(cluster)]
    return MemberMatrix(tuple(sources), tuple(_rows(cluster, sources)))


def _configurations(cluster: Cluster) -> Iterator[MemberSource]:
    """The newest configuration, the newest that provably is committed, and those that other nodes stopped at."""
    newest = cluster.configuration
    if newest is None:
        return
    told = [(Found.NEWEST, newest.index, newest.configuration)]
    committed = [event for event in cluster.membership if _is_committed(cluster, event.nodes, event.index)]
    told += [(Found.COMMITTED, event.index, event.configuration) for event in committed[-1:]]
    own = [node.configuration for node in cluster.originals() if node.configuration]
    told += [(Found.NEWEST_OF_NODE, change.index, change.configuration) for change in own]
    each: dict[tuple[int, int], tuple[Found, int, Configuration]] = {}
    for found, index, one in told:
        each.setdefault((index, configuration_digest(one)), (found, index, one))
    for found, index, one in each.values():
        holders = tuple(node.name for node in cluster.nodes if _holds(node, index, one))
        proved = found is Found.NEWEST and _is_committed(cluster, holders, index)
        which = Found.COMMITTED if proved else found
        yield MemberSource("configuration", holders, index, _servers(one), (one.at,), which)


def _is_committed(cluster: Cluster, nodes: Iterable[str], index: int) -> bool:
    """An entry provably is committed in the history of one of the nodes."""
    proofs = cluster.commit.proofs if cluster.commit else {}
    return any(name in proofs and proofs[name].index >= index for name in nodes)


def _holds(node: Node, index: int, configuration: Configuration) -> bool:
    own = node.configuration
    return own is not None and (own.index, configuration_digest(own.configuration)) == (
        index,
        configuration_digest(configuration),
    )


def _snapshots(cluster: Cluster) -> Iterator[MemberSource]:
    """Configurations that snapshots carry, each once."""
    merged: dict[tuple[int, int], tuple[list[str], Configuration]] = {}
    for node in cluster.nodes:
        for snapshot in node.snapshots:
            meta = snapshot.meta.value if snapshot.meta and snapshot.meta.whole else None
            if meta and meta.configuration:
                key = (meta.configuration_index, configuration_digest(meta.configuration))
                names, _ = merged.setdefault(key, ([], meta.configuration))
                names.append(node.name)
    for (index, _), (names, configuration) in sorted(merged.items()):
        nodes = tuple(dict.fromkeys(names))
        yield MemberSource("snapshot", nodes, index, _servers(configuration), (configuration.at,))


def _servers(configuration: Configuration) -> tuple[Claim, ...]:
    return tuple(Claim(s.id, s.address, s.role.value if s.role else None) for s in configuration.servers)


def _info(cluster: Cluster) -> Iterator[MemberSource]:
    copies = {copy.node: copy for copy in cluster.copies}
    known = [(node.name, node.info.value) for node in cluster.nodes if node.info and node.info.value]
    yield from (_info_of_copy(copies[name], record) for name, record in known if name in copies)
    records = [(name, record) for name, record in known if name not in copies]
    if records:
        # Its role was written at creation and never since (docs/reference/go-dqlite.md#what-the-files-mean): not a
        # claim.
        claims = tuple(Claim(record.id, record.address) for _, record in records)
        names = tuple(name for name, _ in records)
        yield MemberSource("info.yaml", names, None, claims, tuple(r.at for _, r in records))


def _info_of_copy(copy: Copy, record: MemberRecord) -> MemberSource:
    claims = (Claim(record.id, record.address),)
    return MemberSource("info.yaml", (copy.node,), None, claims, (record.at,), copy=copy)


def _cluster_yaml(cluster: Cluster) -> Iterator[MemberSource]:
    lists = [(node.name, node.cluster.value) for node in cluster.nodes if node.cluster and node.cluster.value]
    said = [
        (name, tuple(Claim(m.id, m.address, m.role.value if m.role else None) for m in members.members), members.at)
        for name, members in lists
    ]
    yield from _merged("cluster.yaml", said)


def _daemon(cluster: Cluster) -> Iterator[MemberSource]:
    found = [(n.name, n.microcluster.daemon.value) for n in cluster.nodes if n.microcluster and n.microcluster.daemon]
    records = [(name, daemon) for name, daemon in found if daemon is not None]
    if records:
        claims = tuple(Claim(None, daemon.address, None, daemon.name) for _, daemon in records)
        names = tuple(name for name, _ in records)
        yield MemberSource("daemon.yaml", names, None, claims, tuple(d.at for _, d in records))


def _local_databases(cluster: Cluster) -> Iterator[MemberSource]:
    """raft_nodes of LXD's local.db: its cluster.yaml."""
    said = [
        (
            node.name,
            tuple(Claim(r.id, r.address, r.role.value if r.role else None, r.name or None) for r in node.local.nodes),
            node.local.at,
        )
        for node in cluster.nodes
        if node.local and node.local.nodes
    ]
    yield from _merged("raft_nodes", said)


def _core_cluster_members(cluster: Cluster) -> Iterator[MemberSource]:
    """Microcluster's own table, as the database has it at each node's last entry."""
    said = []
    for node in cluster.nodes:
        for database in node.databases.found:
            rows = database.members or ()
            if rows and database.at:
                said.append((node.name, tuple(Claim(None, r.address, r.role, r.name) for r in rows), database.at[0]))
    yield from _merged("core_cluster_members", said)


def _truststore(cluster: Cluster) -> Iterator[MemberSource]:
    said = []
    for node in cluster.nodes:
        entries = sorted(node.microcluster.entries(), key=lambda entry: str(entry.name)) if node.microcluster else []
        if entries:
            said.append((node.name, tuple(Claim(None, e.address, None, e.name) for e in entries), entries[0].at))
    yield from _merged("truststore", said)


def _certificates(cluster: Cluster) -> Iterator[MemberSource]:
    """The names and addresses of each node's own certificate; a port is not part of it."""
    claims, names, at = [], [], []
    for node in cluster.nodes:
        leaf = node.credentials.leaf("server")
        if leaf is not None:
            ports = (node.address or "").rpartition(":")[2]
            address = next((one for one in leaf.addresses if node.address == f"{one}:{ports}"), None)
            shown = f"{address}:{ports}" if address else ", ".join(leaf.addresses) or None
            claims.append(Claim(node.id, shown, None, leaf.subject))
            names.append(node.name)
            at.append(leaf.at)
    if claims:
        yield MemberSource("certificate", tuple(names), None, tuple(claims), tuple(at))


def _merged(kind: str, said: Iterable[tuple[str, tuple[Claim, ...], Span]]) -> Iterator[MemberSource]:
    """One column for all nodes that say the same."""
    merged: dict[frozenset[Claim], tuple[list[str], tuple[Claim, ...], list[Span]]] = {}
    for name, claims, at in said:
        names, _, spans = merged.setdefault(frozenset(claims), ([], claims, []))
        names.append(name)
        spans.append(at)
    for names, claims, spans in merged.values():
        yield MemberSource(kind, tuple(names), None, claims, tuple(spans))


# A new source is a function here: Cluster → columns.
PROVIDERS: list[Callable[[Cluster], Iterator[MemberSource]]] = [
    _configurations,
    _snapshots,
    _info,
    _cluster_yaml,
    _daemon,
    _truststore,
    _certificates,
    _local_databases,
    _core_cluster_members,
]


def _rows(cluster: Cluster, sources: list[MemberSource]) -> Iterator[MemberRow]:
    """Members in the order in which they are first named; by ID, else by address, else by name."""
    keys: list[set[tuple[str, object]]] = []
    cells: list[dict[int, Claim]] = []
    for number, source in enumerate(sources):
        for claim in source.claims:
            row = _find(keys, claim, number, cells)
            if row is None:
                keys.append(set())
                cells.append({})
                row = len(keys) - 1
            keys[row] |= _keys(claim)
            cells[row].setdefault(number, claim)
    yield from (_row(cluster, found, len(sources)) for found in cells)


def _row(cluster: Cluster, found: dict[int, Claim], columns: int) -> MemberRow:
    """A member with what sources say of it, by the number of their columns."""
    claims = [found[number] for number in sorted(found)]
    server_id = next((claim.id for claim in claims if claim.id), None)
    address = next((claim.address for claim in claims if claim.address), None)
    node = next((node.name for node in cluster.originals() if server_id and node.id == server_id), None)
    return MemberRow(server_id, address, node, tuple(found.get(number) for number in range(columns)))


def _find(keys: list[set[tuple[str, object]]], claim: Claim, number: int, cells: list[dict[int, Claim]]) -> int | None:
    """The row that a claim belongs to: a free cell under the same ID; only without an ID, under address or name."""
    ways = [("id", claim.id)] if claim.id else [("address", claim.address), ("name", claim.name)]
    for way in ways:
        for row, known in enumerate(keys):
            if way[1] and way in known and number not in cells[row]:
                return row
    return None


def _keys(claim: Claim) -> set[tuple[str, object]]:
    return {pair for pair in (("id", claim.id), ("address", claim.address), ("name", claim.name)) if pair[1]}
