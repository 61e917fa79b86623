"""Which members of a new upload's clusters an earlier report saw whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.case.answer import SeenBefore
from forensics.election.state import State
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Grade
from forensics.on_disk import FOUNDER_IDS
from forensics.report import document as doc
from forensics.report.stored import StoredReport

_FOUNDERS = frozenset(map(str, FOUNDER_IDS))


@dataclass(frozen=True, slots=True)
class _Whole:
    """A member of an earlier report, all of whose files had arrived."""

    name: str
    id: str | None
    address: str | None
    report: str
    state: State | None

    def is_member(self, server_id: int | None, address: str | None) -> bool:
        """By ID; by address only where one of both has no ID, for a member that joined anew has another one."""
        if self.id is not None and server_id is not None:
            return self.id == str(server_id)
        return self.address is not None and self.address == address


def seen_before(cluster: Cluster, stored: StoredReport | None) -> tuple[SeenBefore, ...]:
    """Those that sent nothing this time, by address, and those of which less arrived, by name."""
    if stored is None:
        return ()
    whole = list(_whole(cluster, stored))
    wanted: list[tuple[int | None, str | None, str]] = []
    wanted += [(server.id, server.address, server.address) for server in cluster.awaited()]
    wanted += [(one.id, one.address, one.name) for one in cluster.originals() if one.grade is not Grade.FULL]
    found = [
        _seen(name, known)
        for server_id, address, name in wanted
        if (known := next((one for one in whole if one.is_member(server_id, address)), None))
    ]
    if cluster.configuration is None:  # nothing tells who else is a member
        here = [(node.id, node.address) for node in cluster.nodes]
        found += [
            _seen(one.address or one.name, one) for one in whole if not any(one.is_member(*node) for node in here)
        ]
    return tuple(found)


def _seen(name: str, known: _Whole) -> SeenBefore:
    return SeenBefore(name, known.name, known.report, known.state is State.SAFE)


def _whole(cluster: Cluster, stored: StoredReport) -> Iterator[_Whole]:
    """Of the same cluster, by an ID that only this one has; also those that the report knew from others before it."""
    ids = {str(one) for one in _ids(cluster)} - _FOUNDERS
    before = stored.document
    clusters = [old for old in before.clusters if ids & ids_of(old)]
    for old in clusters:
        yield from _of_cluster(old, stored)
    databases = {old.database for old in clusters}
    for one in before.earlier.nodes_seen_before if before.earlier else ():
        if one.evidence is doc.Evidence.FULL and one.database in databases:
            yield _Whole(one.name, one.id, one.address, one.report, one.state)


def _of_cluster(old: doc.Cluster, stored: StoredReport) -> Iterator[_Whole]:
    states = states_of(stored.document, old.database)
    for node in originals(old):
        if node.evidence is doc.Evidence.FULL:
            state = states[node.name].state if node.name in states else None
            yield _Whole(node.name, node.id, node.address, stored.name, state)


def ids_of(cluster: doc.Cluster) -> set[str]:
    """All that a report's cluster ever had, but the founder's, which is the same everywhere."""
    servers = [server for event in cluster.membership for server in event.servers]
    servers += cluster.configuration.servers if cluster.configuration else ()
    found = {*(server.id for server in servers), *(node.id for node in cluster.nodes)}
    return {one for one in found if one is not None} - _FOUNDERS


def originals(cluster: doc.Cluster) -> list[doc.Node]:
    """One directory a server."""
    copies = {copy.node for copy in cluster.copies}
    return [node for node in cluster.nodes if node.name not in copies]


def states_of(document: doc.Document, database: str) -> dict[str, doc.CaseNode]:
    """What a start of each node comes to, as a report's case has it; empty of one without."""
    nodes = document.case.nodes if document.case else ()
    return {one.node: one for one in nodes if one.database == database}


def _ids(cluster: Cluster) -> Iterator[int]:
    yield from (server.id for event in cluster.membership for server in event.configuration.servers)
    yield from (server.id for server in cluster.configuration.configuration.servers) if cluster.configuration else ()
    yield from (node.id for node in cluster.nodes if node.id is not None)
