"""Of the node to recover from: is its directory whole, is it who the members think it is, and will it be let in."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.join import CopyKind
from forensics.facts.node.node import Grade
from forensics.ingest.products import is_microcluster
from forensics.plan.checks.model import Check, Choice, State


def of_node(choice: Choice) -> Iterator[Check]:
    """All of them."""
    yield from _directory(choice)
    yield from _start(choice)
    yield from _identity(choice)
    yield from _machine_address(choice)
    yield from _address_book(choice)


def _directory(choice: Choice) -> Iterator[Check]:
    best = choice.best
    damaged = [part.file.name for part in best.log.closed if part.segment is not None and part.segment.damaged]
    damaged += [part.file.name for part in best.log.open if part.segment is not None and part.segment.damaged]
    damaged += [snapshot.title for snapshot in best.snapshots if snapshot.sound is False]
    if damaged:
        yield Check(State.LOOK, f"{best.name}: {', '.join(damaged)} is damaged; see what its next start would drop")
    elif best.grade is Grade.FULL:
        yield Check(State.OK, f"{best.name}: segments and snapshots are whole, every checksum holds")
    else:
        yield Check(State.LOOK, f"{best.name}: not all of its content arrived ({best.grade.value}): not checked")


def _start(choice: Choice) -> Iterator[Check]:
    best, outlook, obstacle = choice.best, choice.outlook, choice.ranking[0].obstacle
    if obstacle:
        yield Check(State.STOP, f"{best.name}: {obstacle}")
    if outlook is None:
        return
    if not outlook.starts and outlook.mend:
        yield Check(State.STOP, f"{best.name}: every recovery tool loads the directory first; {outlook.mend}")
    elif outlook.starts and not outlook.renumbers:
        loses = (outlook.last_index or 0) < (best.last_index or 0)
        yield Check(State.LOOK if loses else State.OK, f"{best.name}: {outlook.words}")
    elif not obstacle:
        yield Check(State.STOP, f"{best.name}: {outlook.words}")


def _identity(choice: Choice) -> Iterator[Check]:
    cluster, best = choice.cluster, choice.best
    server = cluster.server_of(best)
    if best.id is None:
        source = "local.db" if choice.database in ("lxd", "incus") else "info.yaml"
        yield Check(State.LOOK, f"{best.name}: no {source}, so its ID is not known")
        return
    if server is not None and best.address is not None and server.address != best.address:
        yield Check(State.STOP, f"{best.name}: it says {best.address}, the members know it at {server.address}")
    elif server is not None and best.address is not None:
        yield Check(State.OK, f"{best.name}: ID {best.id} and address {best.address} are those of the configuration")
    for copy in cluster.copies:
        if best.name in (copy.node, copy.of) and copy.kind is not CopyKind.LOOK:
            yield Check(State.LOOK, f"{copy.node} carries the same ID as {copy.of} ({copy.kind.value}): start only one")


def _machine_address(choice: Choice) -> Iterator[Check]:
    """The addresses that are forced must be those that the machine has."""
    host = choice.around.hosts.get(choice.best.name)
    address = choice.best.address
    if host is None or host.cleaned or not host.addresses or address is None:
        return
    ip = address.rpartition(":")[0].strip("[]").lower()
    if ip.replace(".", "").isdigit() and ip not in host.addresses:
        yield Check(State.STOP, f"{choice.best.name}: its machine did not have {ip} when it was collected")


def _address_book(choice: Choice) -> Iterator[Check]:
    """The tools start from cluster.yaml: who is not in it is not in the new configuration."""
    best, change = choice.best, choice.cluster.configuration
    if best.cluster is None and choice.database in ("k8s-dqlite", "k8sd", "microcloud"):
        yield Check(State.LOOK, f"{best.name}: not in the evidence, and read by the recovery tool: cluster.yaml")
    members = best.cluster.value.members if best.cluster and best.cluster.value else None
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
                State.LOOK, f"{best.name}: no truststore entry for {', '.join(lost)}: the recovery leaves it out"
            )
