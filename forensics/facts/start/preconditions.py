"""What keeps a product from starting its database at all: read before dqlite gets its turn, in the product's order.

Only what provably ends the start is here, by the product's own source or by running it. What lets it come up and fail
later (an empty info.yaml or cluster.yaml, an ID 0, a certificate that expired) is not.

Sources: canonical/k8s-dqlite pkg/server/server.go (New); canonical/go-dqlite app/app.go (New), app/tls.go,
client/store.go; canonical/microcluster internal/daemon/daemon.go, internal/trust/remotes.go (Load);
canonical/lxd shared/cert.go (KeyPairAndCA), lxd/node/raft.go; docs/reference/k8s-dqlite.md#control-files;
docs/reference/go-dqlite.md#what-the-files-mean; docs/reference/microcluster.md#relations-that-hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from forensics.barrier import stage
from forensics.evidence import Blob, Parsed
from forensics.facts.cluster.cluster import Case
from forensics.facts.cluster.yaml_membership import host_part, is_ip
from forensics.facts.machine.host import Host
from forensics.facts.node.node import Grade, Node
from forensics.facts.node.precondition import Pending, Precondition, Unmet
from forensics.facts.start.exchanged import exchanged
from forensics.facts.start.key_pairs import K8S_DQLITE, key_pairs
from forensics.facts.start.recovery_refusal import is_taken, refusal_of, tarball_of
from forensics.forecast.result import BROKEN
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateFile
from forensics.on_disk import BOOTSTRAP_ID
from forensics.parsers.control import NEW_NODE_FILES, parse_failure_domain, parse_start_file, parse_tuning

Found = Iterator[tuple[Unmet, str]]  # why, and the file's name

_OWN_STORE = frozenset({"lxd", "incus", "k3s"})  # they do not use go-dqlite's app package
_FAILED_FIRST_START = K8S_DQLITE | {"unknown"}  # others say anew at each start whom to join
_PORT_MAX = 65535
_UNREADABLE = ("yaml-syntax", "yaml-zeros", "member-type")  # of a whole file; an empty one is taken for an empty value


def with_preconditions(case: Case) -> Case:
    """The case with what each node's product does not find, and with what it does before a start."""
    owners = {node: one for cluster in case.clusters for node, one in exchanged(cluster.originals()).items()}
    return case.with_nodes({node: _with_own(node, case.host_of(node), owners.get(node)) for node in case.nodes()})


@stage("what comes before a start", lambda node, *_: node.name, lambda node, *_: replace(node, forecast=BROKEN))
def _with_own(node: Node, host: Host | None, owner: Node | None) -> Node:
    return replace(node, unmet=_named(unmet(node, host), owner), pending=pending(node))


def _named(unmet: tuple[Precondition, ...], owner: Node | None) -> tuple[Precondition, ...]:
    """Another address is another member's, where that one is known."""
    if owner is None:
        return unmet
    return tuple(
        replace(one, kind=Unmet.EXCHANGED, owner=owner.name) if one.kind is Unmet.ADDRESS_MISMATCH else one
        for one in unmet
    )


def unmet(node: Node, host: Host | None = None) -> tuple[Precondition, ...]:
    """What ends the start of a node's product, in the order in which it is met; empty where nothing is known.

    Args:
        node: the node.
        host: its machine, where a collector told of it.
    """
    product = node.state.product.database
    return tuple(dict.fromkeys(Precondition(kind, file, product) for kind, file in _found(node, host)))


def pending(node: Node) -> tuple[Pending, ...]:
    """What a node's product does to its raft files before it starts dqlite on them.

    update.yaml leaves alone a node that is the only member; a tarball that is refused ends the start (see unmet), and
    one without a list of members is not used.
    """
    return tuple(_acts(node))


def _acts(node: Node) -> Iterator[Pending]:
    others = node.configuration is not None and len(node.configuration.configuration.servers) > 1
    if node.state.product.database in K8S_DQLITE and others and not node.state.of_role(FileRole.INIT):
        for update in node.state.of_role(FileRole.UPDATE):
            if not _is_unusable(update, parse_start_file):
                yield Pending.UPDATE
    if is_taken(node):
        yield Pending.RECOVERY


def _found(node: Node, host: Host | None) -> Found:
    if node.state.product.database in K8S_DQLITE:
        yield from _control_files(node)
    yield from _recovery(node)
    if node.state.in_microcluster:
        yield from _truststore(node)
    yield from key_pairs(node)
    if node.state.in_microcluster:
        yield from _daemon(node)
    if node.state.product.database in ("lxd", "incus"):
        yield from _local_database(node)
    if node.state.product.database not in _OWN_STORE:
        yield from _members(node)
    if node.state.product.database in K8S_DQLITE and node.info and node.info.value and node.info.value.address:
        yield from _address(node.info.value.address, host)


def _control_files(node: Node) -> Found:
    """init.yaml first; update.yaml only where there is none."""
    init = next(iter(node.state.of_role(FileRole.INIT)), None)
    if init is not None:
        if any(name not in NEW_NODE_FILES for name in node.state.files):
            yield Unmet.INIT_WITH_STATE, init.name
        elif _is_unusable(init, parse_start_file):
            yield Unmet.CONTROL_FILE_UNUSABLE, init.name
    readers: tuple[tuple[FileRole, Callable[[Blob], Parsed[Any]]], ...] = (
        (FileRole.UPDATE, parse_start_file),
        (FileRole.FAILURE_DOMAIN, parse_failure_domain),
        (FileRole.TUNING, parse_tuning),
    )
    for role, parse in readers:
        for file in node.state.of_role(role):
            if (init is None or role is not FileRole.UPDATE) and _is_unusable(file, parse):
                yield Unmet.CONTROL_FILE_UNUSABLE, file.name


def _is_unusable(file: StateFile, parse: Callable[[Blob], Parsed[Any]]) -> bool:
    return file.blob is not None and not file.cut and bool(parse(file.blob).anomalies)


def _recovery(node: Node) -> Found:
    """Unpacked before anything else is read."""
    file = tarball_of(node)
    if file is not None and refusal_of(node) is not None:
        yield Unmet.RECOVERY_REFUSED, file.name


def _truststore(node: Node) -> Found:
    for trust in node.microcluster.truststore if node.microcluster else ():
        known = trust.file.size_max == 0 or (trust.file.blob is not None and not trust.file.cut)
        if trust.file.name.endswith(".yaml") and known and (trust.entry is None or trust.entry.certificate is None):
            yield Unmet.TRUST_ENTRY_UNUSABLE, trust.file.name


def _daemon(node: Node) -> Found:
    """Looked at only where info.yaml says that there is a database."""
    around = node.microcluster
    if around is None or "info.yaml" not in node.state.files:
        return
    file, daemon = around.daemon_file, around.daemon.value if around.daemon else None
    if file is None and _is_whole(node):
        yield Unmet.DAEMON_MISSING, "daemon.yaml"
    elif file is None:
        return
    elif file.size_max == 0 or (around.daemon and not file.cut and (daemon is None or daemon.address is None)):
        yield Unmet.DAEMON_UNUSABLE, file.name
    elif daemon and daemon.address and _has_another_address(node, daemon.address):
        yield Unmet.ADDRESS_MISMATCH, "info.yaml"


def _has_another_address(node: Node, address: str) -> bool:
    """info.yaml can be read, and has not this one."""
    if node.info is None or node.state.files["info.yaml"].cut or _unreadable(node.info):
        return False
    return node.info.value is None or node.info.value.address != address


def _is_whole(node: Node) -> bool:
    """The microcluster directory arrived as it is: by hand, or with a listing. Collectors copy some files only."""
    roles = (FileRole.TRUSTSTORE, FileRole.CERTIFICATE)
    around = [file for file in node.state.around.values() if file.role in roles]
    everything = node.state.collection is None or any(file.listed for file in around)
    return bool(around) and everything and not node.state.cut


def _local_database(node: Node) -> Found:
    file = next((file for file in node.state.around.values() if file.role is FileRole.LOCAL_DATABASE), None)
    if file is None or file.cut:
        return
    if file.size_max == 0 or (file.blob is not None and node.local is None):
        yield Unmet.LOCAL_DATABASE_UNUSABLE, "local.db"
    elif node.local and node.local.nodes and node.local.cluster_address is None:
        yield Unmet.CLUSTER_ADDRESS_MISSING, "local.db"


def _members(node: Node) -> Found:
    """info.yaml, `join`, cluster.yaml and the address, as go-dqlite's app reads them."""
    names = node.state.files
    if "info.yaml" in names and not names["info.yaml"].cut and _unreadable(node.info):
        yield Unmet.INFO_UNUSABLE, "info.yaml"
    founder = node.info is not None and node.info.value is not None and node.info.value.id == BOOTSTRAP_ID
    if founder and "join" in names:
        yield Unmet.FOUNDER_JOINS, "join"
    if "cluster.yaml" in names and not names["cluster.yaml"].cut and _unreadable(node.cluster):
        yield Unmet.CLUSTER_UNUSABLE, "cluster.yaml"
    if node.grade not in (Grade.YAML, Grade.CLEANED) and not node.names_cut:
        yield from _missing(node)


def _address(address: str, host: Host | None) -> Found:
    """go-dqlite listens on it where there is TLS."""
    name = (host_part(address) or "").lower()
    if not _is_host_and_port(address):
        yield Unmet.ADDRESS_UNUSABLE, "info.yaml"
    elif host and host.addresses and name and is_ip(name) and not _is_loopback(name) and name not in host.addresses:
        yield Unmet.ADDRESS_GONE, "info.yaml"


def _missing(node: Node) -> Found:
    names = node.state.files
    told_anew = node.state.of_role(FileRole.INIT) or node.state.product.database not in _FAILED_FIRST_START
    if "info.yaml" in names and "cluster.yaml" not in names:
        yield Unmet.CLUSTER_MISSING, "cluster.yaml"
    elif "cluster.yaml" in names and "info.yaml" not in names:
        yield Unmet.INFO_MISSING, "info.yaml"
    elif "info.yaml" not in names and "join" in names and not told_anew:
        yield Unmet.JOIN_WITHOUT_INFO, "join"


def _unreadable(parsed: Parsed[Any] | None) -> bool:
    """YAML stops at it. An empty file does not: it gives an empty value."""
    if parsed is None or parsed.value is not None:
        return False
    return bool({anomaly.code for anomaly in parsed.anomalies} & set(_UNREADABLE))


def _is_loopback(name: str) -> bool:
    """Of every machine."""
    return name.startswith("127.") or name == "::1"


def _is_host_and_port(address: str) -> bool:
    """As `net.Listen` wants it; a port may have a name."""
    host, colon, port = address.rpartition(":")
    if not colon or (":" in host and not host.endswith("]")):
        return False
    return not port.isdigit() or int(port) <= _PORT_MAX
