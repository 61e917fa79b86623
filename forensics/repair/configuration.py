"""The members of a result: a configuration as raft stores it, and one that makes a node the only voter."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.left_over import left_over
from forensics.facts.node.node import Node
from forensics.layouts.configuration import CONFIGURATION
from forensics.parsers.configuration import Configuration, Server
from forensics.parsers.roles import Role
from forensics.parsers.segment import EntryType
from forensics.repair.contents import MadeFile, Making
from forensics.repair.segments import NewEntry, closed_name, segment_bytes

_CODES = {Role.STANDBY: 0, Role.VOTER: 1, Role.SPARE: 2}
_FORCED_TERM = 1  # docs/reference/raft.md#traces-of-a-recovery


def encoded(configuration: Configuration) -> bytes:
    """With zeros up to a multiple of 8."""
    servers = [
        {"id": server.id, "address": server.address, "role": _CODES[server.role]}
        for server in configuration.servers
        if server.role is not None
    ]
    content = bytes(CONFIGURATION.build({"format": 1, "count": len(servers), "servers": servers}))
    return content.ljust(-(-len(content) // 8) * 8, b"\0")


def only(cluster: Cluster, node: Node) -> Configuration | None:
    """The node as the only voter; None where it is not known who it is."""
    change, own = cluster.configuration, told_id(cluster, node)
    server = change.configuration.by_id(own) if change is not None and own is not None else None
    address = node.address or (server.address if server else None)
    if own is None or address is None:
        return None
    return Configuration((Server(own, address, Role.VOTER),), Span("cluster.yaml"))


def told_id(cluster: Cluster, node: Node) -> int | None:
    """Its ID as its own files tell it; else that of who founded the cluster, where its log shows that it did; else that
    of the one member that no other directory at hand is.
    """
    known = node.founder_id if node.id is None else node.id
    return left_over(cluster, node) if known is None else known


def forced(configuration: Configuration, index: int) -> MadeFile:
    """A segment of one entry with these members, as every product's recovery writes it.

    The entry is the one of this index, behind the last.
    """
    return MadeFile(closed_name(index, index), Making.CONFIGURATION, partial(_segment, configuration))


def _segment(configuration: Configuration) -> Iterator[bytes]:
    yield from segment_bytes(iter([NewEntry(_FORCED_TERM, EntryType.CHANGE, encoded(configuration))]))
