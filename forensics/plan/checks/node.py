"""Of the node to recover from: is its directory whole, is it who the members think it is, and will it be let in."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.join import CopyKind
from forensics.facts.node.node import Grade
from forensics.ingest.products import is_microcluster
from forensics.parsers.configuration import Server
from forensics.plan.checks.model import Check, CheckKind, Choice, State


def of_node(choice: Choice) -> Iterator[Check]:
    """All of them."""
    yield from _directory(choice)
    yield from _start(choice)
    yield from _product(choice)
    yield from _identity(choice)
    yield from _copies(choice)
    yield from _machine_address(choice)
    yield from _cluster_yaml(choice)
    yield from _truststore(choice)


def _directory(choice: Choice) -> Iterator[Check]:
    best = choice.best
    damaged = [part.file.name for part in best.log.closed if part.segment is not None and part.segment.damaged]
    damaged += [part.file.name for part in best.log.open if part.segment is not None and part.segment.damaged]
    damaged += [snapshot.title for snapshot in best.snapshots if snapshot.sound is False]
    if damaged:
        yield Check(State.LOOK, CheckKind.DAMAGED, (best.name,), tuple(damaged))
    elif best.grade is Grade.FULL:
        yield Check(State.OK, CheckKind.WHOLE, (best.name,))
    else:
        yield Check(State.LOOK, CheckKind.NOT_WHOLE, (best.name,), about=best.grade)


def _start(choice: Choice) -> Iterator[Check]:
    best, start, obstacle = choice.best, choice.start, choice.ranking[0].obstacle
    if obstacle is not None:
        yield Check(State.STOP, CheckKind.OBSTACLE, (best.name,), about=obstacle)
    if start is None:
        return
    if start.proposal is not None:
        yield Check(State.STOP, CheckKind.LOADING_FAILS, (best.name,), about=start)
    elif start.starts and not start.renumbers:
        loses = ((start.kept and start.kept[1]) or 0) < (best.last_index or 0)
        yield Check(State.LOOK if loses else State.OK, CheckKind.NEXT_START, (best.name,), about=start)
    elif obstacle is None:
        yield Check(State.STOP, CheckKind.NEXT_START, (best.name,), about=start)


def _product(choice: Choice) -> Iterator[Check]:
    best = choice.best
    if best.unmet:
        files = tuple(dict.fromkeys(one.file for one in best.unmet))
        yield Check(State.STOP, CheckKind.PRODUCT_STOPS, (best.name,), files)


def _identity(choice: Choice) -> Iterator[Check]:
    best = choice.best
    server = choice.cluster.server_of(best)
    if best.id is None:
        source = "local.db" if choice.database in ("lxd", "incus") else "info.yaml"
        yield Check(State.LOOK, CheckKind.ID_UNKNOWN, (best.name,), (source,))
    elif server is not None and best.address is not None and server.address != best.address:
        yield Check(State.STOP, CheckKind.ADDRESS_DIFFERS, (best.name,), (best.address, server.address))
    elif server is not None and best.address is not None:
        yield Check(State.OK, CheckKind.IDENTITY_FITS, (best.name,), (str(best.id), best.address))


def _copies(choice: Choice) -> Iterator[Check]:
    if choice.best.id is None:
        return
    for copy in choice.cluster.copies:
        if choice.best.name in (copy.node, copy.of) and copy.kind is not CopyKind.LOOK:
            yield Check(State.LOOK, CheckKind.SAME_ID, (copy.node, copy.of), about=copy.kind)


def _machine_address(choice: Choice) -> Iterator[Check]:
    """The addresses that are forced must be those that the machine has."""
    host = choice.context.hosts.get(choice.best.name)
    address = choice.best.address
    if host is None or host.cleaned or not host.addresses or address is None:
        return
    ip = address.rpartition(":")[0].strip("[]").lower()
    if ip.replace(".", "").isdigit() and ip not in host.addresses:
        yield Check(State.STOP, CheckKind.MACHINE_LACKS_ADDRESS, (choice.best.name,), (ip,))


def _cluster_yaml(choice: Choice) -> Iterator[Check]:
    """The tools start from cluster.yaml: who is not in it is not in the new configuration."""
    best = choice.best
    if best.cluster is None and choice.database in ("k8s-dqlite", "k8sd", "microcloud"):
        yield Check(State.LOOK, CheckKind.CLUSTER_YAML_MISSING, (best.name,))
    book = best.cluster.value if best.cluster else None
    if book is None:
        return
    listed = {member.id for member in book.members}
    missing = tuple(server.address for server in _servers(choice) if server.id not in listed)
    if missing:
        yield Check(State.LOOK, CheckKind.CLUSTER_YAML_LACKS, (best.name,), missing)


def _truststore(choice: Choice) -> Iterator[Check]:
    """Microcluster joins it with cluster.yaml by address, and drops whom it does not know."""
    best = choice.best
    known = best.cluster is not None and best.cluster.value is not None
    if not known or best.microcluster is None or not is_microcluster(best.state.product):
        return
    trusted = {entry.address for entry in best.microcluster.entries()}
    missing = tuple(server.address for server in _servers(choice) if server.address not in trusted)
    if missing:
        yield Check(State.LOOK, CheckKind.TRUSTSTORE_LACKS, (best.name,), missing)


def _servers(choice: Choice) -> tuple[Server, ...]:
    change = choice.cluster.configuration
    return tuple(change.configuration.servers) if change else ()
