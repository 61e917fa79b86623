"""Members that the user asks to take for lost for good: as if their directories had not arrived, machine and all.

They stay in the configuration, and count against the majority. Nobody asks for their files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from forensics.errors import UsageError
from forensics.facts.cluster.build import build_clusters
from forensics.facts.cluster.cluster import Cluster, LostMember
from forensics.facts.node.node import Node
from forensics.parsers.configuration import Server


@dataclass(frozen=True, slots=True)
class _Member:
    """One member of one cluster: a directory of it, or a server of the newest configuration without one.

    Attributes:
        names: what a user may call it.
        node: the directory; None where none arrived.
        server: None where no configuration names it.
    """

    database: str
    names: tuple[str, ...]
    node: Node | None
    server: Server | None


def without_lost(nodes: Sequence[Node], wanted: Sequence[str]) -> tuple[Cluster, ...]:
    """The clusters as they look without some members.

    Args:
        nodes: all that arrived.
        wanted: members by name, id or address. Raises UsageError for one that is none, and where nothing is left.
    """
    clusters = build_clusters(nodes)
    members = [member for cluster in clusters for member in _members(cluster)]
    gone = _of_same_machines(members, [member for name in wanted for member in _chosen(members, name)])
    states = {id(member.node.state) for member in gone if member.node is not None}
    left = [node for node in nodes if id(node.state) not in states]
    if not left:
        raise UsageError("no directory is left: a plan needs at least one member that is not lost")
    return tuple(replace(cluster, lost=_lost(cluster, gone)) for cluster in build_clusters(left))


def _of_same_machines(members: Sequence[_Member], chosen: Sequence[_Member]) -> list[_Member]:
    """With the other databases of these machines, and other directories of the same members."""
    machines = {member.node.name for member in chosen if member.node is not None}
    ids = {(member.database, member.server.id) for member in chosen if member.server is not None}
    return [member for member in members if _is_one_of(member, machines, ids)]


def _is_one_of(member: _Member, machines: set[str], ids: set[tuple[str, int]]) -> bool:
    if member.node is not None and member.node.name in machines:
        return True
    return member.server is not None and (member.database, member.server.id) in ids


def _members(cluster: Cluster) -> Iterator[_Member]:
    database = cluster.product.database
    for node in cluster.nodes:
        server = cluster.server_of(node)
        names = (node.name, node.state.path, *_texts(node.id, node.address), *_texts(*_told(server)))
        yield _Member(database, names, node, server)
    for server in cluster.absent():
        yield _Member(database, _texts(*_told(server)), None, server)


def _told(server: Server | None) -> tuple[int | str | None, ...]:
    return (server.id, server.address) if server else ()


def _texts(*values: int | str | None) -> tuple[str, ...]:
    return tuple(str(value) for value in values if value is not None)


def _chosen(members: Sequence[_Member], name: str) -> list[_Member]:
    found = [member for member in members if name in member.names]
    if not found:
        raise UsageError(f"no member {name}: the members are {', '.join(dict.fromkeys(map(_called, members)))}")
    return found


def _called(member: _Member) -> str:
    """`n1 (ID 3297041220608546238, 127.0.0.1:9000)`; of one without a directory, its address and ID."""
    node, server = member.node, member.server
    number, address = (server.id, server.address) if server else (node.id, node.address) if node else (None, None)
    told = ", ".join(_texts(f"ID {number}" if number is not None else None, address))
    return f"{node.name} ({told})" if node and told else node.name if node else told


def _lost(cluster: Cluster, gone: Iterable[_Member]) -> tuple[LostMember, ...]:
    """Those of a cluster, each once, by name; first those that only an address is known of."""
    found: dict[int | str, LostMember] = {}
    for member in gone:
        if member.database == cluster.product.database:
            name = member.node.name if member.node else ""
            key = member.server.id if member.server else name
            found[key] = LostMember(name or (found[key].name if key in found else ""), member.server)
    return tuple(sorted(found.values(), key=lambda one: (one.name, one.server.address if one.server else "")))
