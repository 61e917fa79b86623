"""Preconditions of a recovery, checked against the evidence: what holds, what to look at, what forbids it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from forensics.facts.cluster import Cluster
from forensics.facts.matching import Kind
from forensics.facts.node import Grade, Node
from forensics.ingest.products import is_microcluster
from forensics.ingest.roles import FileRole
from forensics.plan.ranking import Candidate, Outlook


class State(Enum):
    """Values are the words of the plan."""

    OK = "ok"
    LOOK = "look"  # the evidence cannot tell, or tells of something to mind
    STOP = "stop"  # do not go on before this is settled


@dataclass(frozen=True, slots=True)
class Check:
    """One precondition."""

    state: State
    what: str


def checks(cluster: Cluster, best: Node, candidate: Candidate, outlook: Outlook | None) -> list[Check]:
    """All of them, the forbidding ones first."""
    found = [
        *_one_history(cluster, best),
        *_nobody_missing(cluster, best),
        *_directory(best, candidate, outlook),
        *_identity(cluster, best),
        *_address_book(cluster, best),
        *_leftovers(best),
        *_credentials(best),
        *_running(cluster),
    ]
    order = list(State)[::-1]
    return sorted(found, key=lambda check: order.index(check.state))


def _one_history(cluster: Cluster, best: Node) -> Iterator[Check]:
    several = False
    contradicted = cluster.contradicted()
    for name, index in contradicted.items():
        state = State.STOP if name == best.name else State.LOOK
        what = f"{name}: from entry {index} on it contradicts committed entries: do not start it, and let it join anew"
        yield Check(state, what)
    for divergence in cluster.divergences:
        at = divergence.index
        proved = [side for side in divergence.sides if cluster.is_committed(side, at)]
        if len(proved) > 1:
            several = True
            sides = " and ".join(", ".join(side.nodes) for side in proved)
            what = f"{sides} have committed histories of their own from entry {at} on: whichever is kept, the other's "
            yield Check(State.STOP, what + "writes are lost; decide by content first")
        elif divergence.kind in (Kind.ALTERED, Kind.SHIFTED, Kind.FORK) and not (
            contradicted.keys() & {name for side in divergence.sides for name in side.nodes}
        ):
            yield Check(State.STOP, f"entry {at} differs between nodes in one term: find out which is right")
    if not any(node.log.blobs() for node in cluster.originals()):
        yield Check(State.LOOK, "no content of any log is at hand: whether there is one history is not known")
    elif not several:
        yield Check(State.OK, "one committed history")


def _nobody_missing(cluster: Cluster, best: Node) -> Iterator[Check]:
    absent = [server.address for server in cluster.absent() if server.role and server.role.value != "spare"]
    unread = [node.name for node in cluster.originals() if node.last_index is None and _replicates(cluster, node)]
    for who in (*absent, *unread):
        yield Check(State.LOOK, f"{who}: no log at hand; if its disk can be read, look there before anything is forced")
    if cluster.configuration is None:
        yield Check(State.LOOK, "no raft configuration is at hand: find out who all the members are, and look at each")
    elif not absent and not unread:
        yield Check(State.OK, "the log of every member that replicates is at hand")
    weak = [
        node.name for node in cluster.originals() if node.grade not in (Grade.FULL, Grade.YAML) and node is not best
    ]
    for name in weak:
        yield Check(State.LOOK, f"{name}: only names or parts of its files arrived, so its rank is a lower bound")


def _replicates(cluster: Cluster, node: Node) -> bool:
    server = cluster.server_of(node)
    return server is not None and server.role is not None and server.role.value != "spare"


def _directory(best: Node, candidate: Candidate, outlook: Outlook | None) -> Iterator[Check]:
    if candidate.obstacle:
        yield Check(State.STOP, f"{best.name}: {candidate.obstacle}")
    damaged = [part.file.name for part in best.log.closed if part.segment is not None and part.segment.damaged]
    damaged += [part.file.name for part in best.log.open if part.segment is not None and part.segment.damaged]
    damaged += [snapshot.title for snapshot in best.snapshots if snapshot.sound is False]
    if damaged:
        yield Check(State.LOOK, f"{best.name}: {', '.join(damaged)} is damaged; see what its next start would drop")
    elif best.grade is Grade.FULL:
        yield Check(State.OK, f"{best.name}: segments and snapshots are whole, every checksum holds")
    else:
        yield Check(State.LOOK, f"{best.name}: not all of its content arrived ({best.grade.value}): not checked")
    if outlook is not None:
        if outlook.starts and not outlook.renumbers:
            loses = (outlook.last_index or 0) < (best.last_index or 0)
            yield Check(State.LOOK if loses else State.OK, f"{best.name}: {outlook.words}")
        elif not candidate.obstacle:
            yield Check(State.STOP, f"{best.name}: {outlook.words}")


def _identity(cluster: Cluster, best: Node) -> Iterator[Check]:
    server = cluster.server_of(best)
    if best.id is None:
        if best.state.product.database not in ("lxd", "incus"):
            yield Check(State.LOOK, f"{best.name}: no info.yaml, so its ID is not known")
        return
    if server is not None and server.address != best.address:
        yield Check(State.STOP, f"{best.name}: info.yaml has {best.address}, the members know it at {server.address}")
    elif server is not None:
        yield Check(State.OK, f"{best.name}: ID {best.id} and address {best.address} are those of the configuration")
    for copy in cluster.copies:
        if best.name in (copy.node, copy.of):
            yield Check(State.LOOK, f"{copy.node} carries the same ID as {copy.of} ({copy.kind.value}): start only one")


def _address_book(cluster: Cluster, best: Node) -> Iterator[Check]:
    """The tools start from cluster.yaml: who is not in it is not in the new configuration."""
    members = best.cluster.value.members if best.cluster and best.cluster.value else None
    change = cluster.configuration
    if members is None or change is None:
        return
    listed = {member.id for member in members}
    missing = [server.address for server in change.configuration.servers if server.id not in listed]
    if missing:
        yield Check(
            State.LOOK, f"{best.name}: cluster.yaml lacks {', '.join(missing)}; write it anew from the list below"
        )
    if is_microcluster(best.state.product) and best.microcluster:
        trusted = {entry.address for entry in best.microcluster.entries()}
        lost = [server.address for server in change.configuration.servers if server.address not in trusted]
        if lost:
            yield Check(
                State.LOOK, f"{best.name}: no truststore entry for {', '.join(lost)}: cluster-recover leaves it out"
            )


def _leftovers(best: Node) -> Iterator[Check]:
    roles = (FileRole.RECOVERY, FileRole.PATCH, FileRole.INIT, FileRole.UPDATE, FileRole.JOIN)
    files = [file.name for file in (*best.state.files.values(), *best.state.around.values()) if file.role in roles]
    if files:
        yield Check(State.LOOK, f"{best.name}: {', '.join(sorted(files))} will be acted on at its next start")


def _credentials(best: Node) -> Iterator[Check]:
    if best.state.product.database not in ("k8s-dqlite", "microk8s"):
        return
    for name in ("cluster.crt", "cluster.key"):
        if best.state.file(name) is None:
            yield Check(State.LOOK, f"{best.name}: {name} is not in the evidence; the recovery tool reads it")


def _running(cluster: Cluster) -> Iterator[Check]:
    alive = [node.name for node in cluster.originals() if node.log.open]
    if alive:
        names = ", ".join(alive)
        yield Check(
            State.LOOK, f"{names}: running, or killed, when copied (open segments): make sure that all is stopped"
        )
