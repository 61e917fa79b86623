"""What to do where a product's own files keep nodes from starting: mend these files, and touch no raft file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.precondition import Pending, Precondition, Unmet
from forensics.facts.start.key_pairs import K8S_DQLITE
from forensics.fault_kind import FaultKind
from forensics.plan.steps import Step, StepKind
from forensics.plan.steps.place import on
from forensics.plan.steps.product_commands import commands_of
from forensics.wording import listed

_STEPS_MAX = 3  # with what comes behind them, nobody reads more
_SAID = {
    Unmet.KEY_PAIR_MISMATCH: "{file} does not belong to its certificate",
    Unmet.CERTIFICATE_UNUSABLE: "{file} cannot be used",
    Unmet.KEY_UNUSABLE: "{file} cannot be used",
    Unmet.CERTIFICATE_MISSING: "{file} is missing",
    Unmet.KEY_MISSING: "{file} is missing",
    Unmet.NO_DNS_NAME: "{file} has no DNS name",
    Unmet.INIT_WITH_STATE: "{file} asks for a new node, but an old one's files are there",
    Unmet.CONTROL_FILE_UNUSABLE: "{file} cannot be used",
    Unmet.INFO_UNUSABLE: "{file} cannot be used",
    Unmet.CLUSTER_UNUSABLE: "{file} cannot be used",
    Unmet.INFO_MISSING: "{file} is missing beside cluster.yaml",
    Unmet.CLUSTER_MISSING: "{file} is missing beside info.yaml",
    Unmet.FOUNDER_JOINS: "the file {file} tells the founder to join a cluster",
    Unmet.JOIN_WITHOUT_INFO: "there is the file {file}, and no info.yaml",
    Unmet.ADDRESS_MISMATCH: "{file} has another address than daemon.yaml",
    Unmet.EXCHANGED: "the database folder there is {owner}'s",
    Unmet.ADDRESS_UNUSABLE: "{file} has an address that is not host:port",
    Unmet.ADDRESS_GONE: "the machine no longer has the address in {file}",
    Unmet.DAEMON_UNUSABLE: "{file} cannot be used",
    Unmet.DAEMON_MISSING: "{file} is missing, so the daemon comes up without its database",
    Unmet.TRUST_ENTRY_UNUSABLE: "{file} cannot be read, or holds no certificate",
    Unmet.RECOVERY_REFUSED: "{file}, which the start unpacks first, is refused",
    Unmet.LOCAL_DATABASE_UNUSABLE: "{file} cannot be used",
    Unmet.CLUSTER_ADDRESS_MISSING: "{file} has no cluster.https_address",
}
_PAIR = "put a certificate and key that belong together in the place of {file}: {pair}"
_MENDED = {
    Unmet.KEY_PAIR_MISMATCH: _PAIR,
    Unmet.CERTIFICATE_UNUSABLE: _PAIR,
    Unmet.KEY_UNUSABLE: _PAIR,
    Unmet.CERTIFICATE_MISSING: _PAIR,
    Unmet.KEY_MISSING: _PAIR,
    Unmet.NO_DNS_NAME: "make a new key pair whose certificate has a DNS name, and put it on all members",
    Unmet.INIT_WITH_STATE: "move {file} away, if the node shall go on with the state that it has",
    Unmet.CONTROL_FILE_UNUSABLE: "correct {file}, or move it away",
    Unmet.INFO_UNUSABLE: "write {file} anew, with the ID and address that the raft configuration has for it",
    Unmet.CLUSTER_UNUSABLE: "copy {file} from another member: it is the same on all",
    Unmet.INFO_MISSING: "write {file} anew, with the ID and address that the raft configuration has for it",
    Unmet.CLUSTER_MISSING: "copy {file} from another member: it is the same on all",
    Unmet.FOUNDER_JOINS: "move the file {file} away, if this is the founder",
    Unmet.JOIN_WITHOUT_INFO: "find out from the members whether the node was added; then let it join anew",
    Unmet.ADDRESS_MISMATCH: "find out which address is right, and give daemon.yaml and {file} the same",
    Unmet.ADDRESS_UNUSABLE: "write the address in {file} as host:port, as the raft configuration has it",
    Unmet.ADDRESS_GONE: "give the machine its old address back, or change the member's in the product's own way",
    Unmet.DAEMON_UNUSABLE: "write {file} anew, with the name and address that the truststore has for it",
    Unmet.DAEMON_MISSING: "write {file} anew, with the name and address that the truststore has for it",
    Unmet.TRUST_ENTRY_UNUSABLE: "copy {file} from another member: all have the same",
    Unmet.RECOVERY_REFUSED: "ask who ran the recovery, and on which member; move {file} away, and keep it",
    Unmet.LOCAL_DATABASE_UNUSABLE: "put a good copy of {file} in its place: local.db.bak, or a backup",
    Unmet.CLUSTER_ADDRESS_MISSING: "set cluster.https_address, with the address that the raft configuration has for it",
}
_PAIRS = frozenset(kind for kind, text in _MENDED.items() if text is _PAIR)
_FAULTS = dict.fromkeys((*_PAIRS, Unmet.NO_DNS_NAME), FaultKind.CERTIFICATE) | {
    Unmet.INIT_WITH_STATE: FaultKind.CONTROL_FILES,
    Unmet.CONTROL_FILE_UNUSABLE: FaultKind.CONTROL_FILES,
    Unmet.FOUNDER_JOINS: FaultKind.CONTROL_FILES,
    Unmet.JOIN_WITHOUT_INFO: FaultKind.CONTROL_FILES,
    Unmet.ADDRESS_MISMATCH: FaultKind.ADDRESS,
    Unmet.EXCHANGED: FaultKind.ADDRESS,
    Unmet.ADDRESS_UNUSABLE: FaultKind.ADDRESS,
    Unmet.ADDRESS_GONE: FaultKind.ADDRESS,
    Unmet.TRUST_ENTRY_UNUSABLE: FaultKind.MEMBER_RECORDS,
    Unmet.RECOVERY_REFUSED: FaultKind.FORCED_CONFIGURATION,
}
_COPY_PAIR = "sudo scp root@HEALTHY:{directory}/cluster.crt root@HEALTHY:{directory}/cluster.key {directory}/"
_COMMANDS = dict.fromkeys(_PAIRS, _COPY_PAIR) | {
    Unmet.INIT_WITH_STATE: "sudo mv {directory}/{file} /root/{file}.before",
    Unmet.FOUNDER_JOINS: "sudo mv {directory}/{file} /root/{file}.before",
    Unmet.CLUSTER_UNUSABLE: "sudo scp root@HEALTHY:{directory}/{file} {directory}/",
    Unmet.CLUSTER_MISSING: "sudo scp root@HEALTHY:{directory}/{file} {directory}/",
}
_SHARED_PAIR = "cluster.crt and cluster.key of a healthy member"
_OWN_PAIR = "both from a backup of this node"


def unmet_words(unmet: Precondition) -> str:
    """What is wrong, in one clause."""
    return _SAID[unmet.kind].format(file=unmet.file, owner=unmet.owner)


def mended(cluster: Cluster) -> tuple[Step, ...]:
    """One step for each thing that keeps nodes from starting as they are, with all of them that have it."""
    commands = commands_of(cluster.product.database)
    in_directory = cluster.product.database in K8S_DQLITE  # others keep these files beside it
    directory = commands.directory if in_directory else ""
    where: dict[tuple[Unmet, str], list[str]] = {}
    for node in cluster.originals():
        for unmet in node.unmet:
            if unmet.kind is not Unmet.EXCHANGED:
                where.setdefault((unmet.kind, unmet.file), []).append(node.name)
    found = [*_put_back(cluster, commands.raft)]
    found += [_mended(kind, file, nodes, directory) for (kind, file), nodes in list(where.items())[:_STEPS_MAX]]
    forced = tuple(node.name for node in cluster.originals() if Pending.UPDATE in node.pending and not node.unmet)
    if forced:
        found.append(_not_forced(forced, directory))
    return tuple(found)


def _put_back(cluster: Cluster, raft: str) -> Iterator[Step]:
    """Databases that lie on each other's machines; nothing is wrong with them."""
    owners = {node.name: one.owner for node in cluster.originals() for one in node.unmet if one.owner}
    if not owners:
        return
    moves = [f"{owner}'s from {here}" for here, owner in owners.items()]
    aside = on(owners, f"sudo mv {raft} {raft}.exchanged")
    fetch = (
        run
        for here, owner in owners.items()
        for run in on([owner], f"sudo scp -rp root@{here}:{raft}.exchanged {raft}")
    )
    yield Step(
        StepKind.MEND,
        f"On {listed(owners)}: put each other's database folders back where they belong: {listed(moves)}. Nothing is "
        "wrong with them: empty none, and force nothing",
        (*aside, *fetch) if raft else (),
        "On each of them, info.yaml has the address of daemon.yaml.",
        "The names were mixed up in the copies only, and each machine has its own: then change nothing.",
        tuple(owners),
        cause=FaultKind.ADDRESS,
    )


def _not_forced(nodes: tuple[str, ...], directory: str) -> Step:
    """k8s-dqlite would make the node the only member before it starts."""
    return Step(
        StepKind.MEND,
        f"On {listed(nodes)}: move update.yaml away, unless the node shall be the only member, at the address in it",
        on(nodes, f"sudo mv {directory}/update.yaml /root/update.yaml.before") if directory else (),
        "update.yaml is gone from the state directory.",
        "Somebody wants the node to be alone: then no other member may ever run again.",
        nodes,
        cause=FaultKind.FORCED_CONFIGURATION,
    )


def _mended(kind: Unmet, file: str, nodes: Sequence[str], directory: str) -> Step:
    shared = file.startswith("cluster.")
    command = _COMMANDS.get(kind, "") if directory and (shared or kind not in _PAIRS) else ""
    return Step(
        StepKind.MEND,
        f"On {listed(nodes)}: {_MENDED[kind].format(file=file, pair=_SHARED_PAIR if shared else _OWN_PAIR)}",
        on(nodes, command.format(file=file, directory=directory)),
        f"After the start the journal no longer says that {_SAID[kind].format(file=file)}.",
        nodes=tuple(nodes),
        cause=_FAULTS.get(kind, FaultKind.IDENTITY_FILES),
        what=(kind, file, *nodes),
    )
