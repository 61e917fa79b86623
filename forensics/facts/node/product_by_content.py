"""What a state directory's content says of whose it is, where its path says nothing.

The names of the databases (docs/reference/commands.md#names-and-limits) and the port that its members listen on
(docs/reference/k8s-dqlite.md#directories; docs/reference/microcluster.md#state-directory;
docs/reference/products.md#other-products); both must fit one product, for `k8s` alone may be k8s-dqlite or MicroK8s,
and `db.bin` half a dozen. Where no content of a database arrived, a port that one product alone uses must do.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.products import DATABASE_NAMES, UNKNOWN, Product, by_name
from forensics.limits import COMMANDS_SAMPLED
from forensics.parsers.command import Undo, parse_command
from forensics.parsers.segment import EntryType, Segment

_BY_PORT = {
    ("k8s", 9000): "k8s-dqlite",
    ("k8s", 19001): "microk8s",
    ("db.bin", 6400): "k8sd",
    ("db.bin", 8443): "lxd",
    ("controller", 17666): "juju",
}
_BY_PORT_ALONE = {19001: "microk8s", 17666: "juju"}


def database_names(node: Node) -> frozenset[str]:
    """The databases that its snapshots and a sample of its commands name."""
    names = {
        image.name
        for snapshot in node.snapshots
        if snapshot.data and snapshot.data.value
        for image in snapshot.data.value.databases
    }
    return frozenset(names | set(_named_by_commands(node)))


def _named_by_commands(node: Node) -> Iterator[str]:
    """The first commands of each segment: every database in use is named there soon."""
    blobs = node.log.blobs()
    left = COMMANDS_SAMPLED
    for _, segment, _ in node.log.parts():
        for position in _commands(segment):
            if left == 0:
                return
            left -= 1
            at = segment.payload_span(position)
            parsed = parse_command(blobs[segment.path].read(at.offset, min(at.length, 1024)), at)
            if parsed.value is not None and not isinstance(parsed.value, Undo):
                yield parsed.value.name


def _commands(segment: Segment) -> Iterator[int]:
    position = segment.types.find(EntryType.COMMAND)
    while position >= 0:
        yield position
        position = segment.types.find(EntryType.COMMAND, position + 1)


def product_by_content(nodes: list[Node]) -> Product:
    """The product of a cluster's directories, or UNKNOWN where its databases and ports do not name exactly one."""
    names = frozenset().union(*(database_names(node) for node in nodes))
    ports = {port for node in nodes for port in _ports(node)}
    found = {_BY_PORT[name, port] for name in names for port in ports if (name, port) in _BY_PORT}
    if not names:
        found = {_BY_PORT_ALONE[port] for port in ports if port in _BY_PORT_ALONE}
    return by_name(found.pop()) if len(found) == 1 else UNKNOWN


def _ports(node: Node) -> Iterator[int]:
    change = node.configuration
    addresses = [server.address for server in change.configuration.servers] if change else []
    book = node.cluster.value.members if node.cluster and node.cluster.value else ()
    for address in {node.address or "", *addresses, *(member.address or "" for member in book)}:
        _, _, port = address.rpartition(":")
        if port.isascii() and port.isdigit() and len(port) <= 5:
            yield int(port)


def foreign_database(product: Product, names: frozenset[str]) -> str | None:
    """A database of another product where that product's own is absent: the directory is in the wrong place."""
    own = DATABASE_NAMES.get(product.database)
    if own is None or not names or own in names:
        return None
    others = names & set(DATABASE_NAMES.values())
    return min(others) if others else None
