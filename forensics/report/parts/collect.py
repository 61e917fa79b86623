"""What the evidence could not tell, and the shortest safe commands that would collect the rest.

Commands only read. Of keys they take sizes and modes, never contents. Where things lie:
docs/reference/k8s-dqlite.md#directories, docs/reference/microcluster.md#state-directory, docs/reference/products.md.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence, Set

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.lag import full_disks
from forensics.facts.machine.host import Host
from forensics.facts.node.node import Grade, Node
from forensics.ingest.products import by_name
from forensics.ingest.roles import RAFT_ROLES
from forensics.report import document as doc
from forensics.report.parts.context import Context
from forensics.report.parts.sources import Source, source_of
from forensics.wording import listed, verb

_CANNOT = {
    Grade.PARTIAL: "what the missing or torn files hold",
    Grade.LISTING: "terms, votes, the raft configuration, damage inside files, and what open segments hold: only "
    "names, sizes and times were judged",
    Grade.YAML: "the log: its last term and index (which node is the most up to date), whether the node would "
    "start, damage, and the raft configuration itself",
    Grade.CLEANED: "the log and everything in it: `sos clean` removes binary files, and replaces addresses and names "
    "(consistently inside of one set)",
}
_OF_SNAP = {
    "k8s": ("k8s-dqlite", "k8sd"),
    "microk8s": ("microk8s",),
    "lxd": ("lxd",),
    "microceph": ("microceph",),
    "microovn": ("microovn",),
    "microcloud": ("microcloud",),
    "openstack": ("sunbeam",),
}
# k8s-snap has no k8s-dqlite from 1.36 on (docs/reference/versions.md#versions-of-dqlite)
_WITHOUT = re.compile(r"v1\.(?:3[6-9]|[4-9]\d)\.")
_COLLECTED = {"k8s inspect": ("k8s",), "microk8s inspect": ("microk8s",)}
_NAMED_MAX = 2  # products that a text names: those that it names most
_ORDER = (Grade.CLEANED, Grade.YAML, Grade.LISTING, Grade.PARTIAL)


def build_collect(context: Context) -> tuple[doc.Collect, ...]:
    """One entry a database and reason: its nodes, what could not be told of them, and the commands to run on each."""
    clusters = context.case.clusters
    if not clusters:
        return tuple(_of_machines(context.case.hosts))
    measured = {node.name for host in context.case.hosts if host.disks for node in context.case.nodes_of(host)}
    return tuple(want for cluster in clusters for want in _of_cluster(cluster, context, measured))


def _of_cluster(cluster: Cluster, context: Context, measured: Set[str]) -> Iterator[doc.Collect]:
    seen = context.seen(cluster)
    yield from _of_nodes(cluster, seen)
    yield from _of_absent(cluster, seen, context.taken(cluster))
    yield from _of_disks(cluster, measured)


def _of_nodes(cluster: Cluster, seen: Container[str]) -> Iterator[doc.Collect]:
    left = [node for node in cluster.directories() if node.name not in seen]
    for grade in _ORDER:
        nodes = [node for node in left if node.grade is grade]
        if nodes:
            source = source_of(cluster.product, nodes[0].state.path)
            names = [node.name for node in nodes]
            yield _entry(cluster.product.database, grade.value, names, _cannot(grade, nodes), source)


def _of_absent(cluster: Cluster, seen: Container[str], taken: Mapping[str, str]) -> Iterator[doc.Collect]:
    """Members of whom no directory arrived; `taken` as in Context."""
    away = [server.address for server in cluster.awaited() if server.address not in seen]
    yield from (_entry_of_taken(cluster, address, taken[address]) for address in away if address in taken)
    absent = [address for address in away if address not in taken]
    if absent:
        source = source_of(cluster.product, cluster.nodes[0].state.path)
        why = verb(
            len(absent),
            "everything of this member: whether it is ahead, behind, or gone",
            "everything of these members: whether they are ahead, behind, or gone",
        )
        yield _entry(cluster.product.database, "absent", absent, why, source)


def _entry_of_taken(cluster: Cluster, address: str, node: str) -> doc.Collect:
    """What lies beside the directory of another cluster that stands in the place of a member's own."""
    source = source_of(cluster.product, cluster.nodes[0].state.path)
    why = f"the state that this member had before {node}, which is of another cluster, came to its place"
    archive = f"{_stem(cluster.product.database)}-before.tar.gz"
    left_out = "--exclude='*.key' --exclude='*.sock*'"
    return doc.Collect(
        database=cluster.product.database,
        evidence="absent",
        nodes=(address,),
        cannot_tell=f"{why}: where it was moved away, or a backup",
        commands=(f'sudo sh -c "tar -czhf {archive} {left_out} {source.listed}?*"',),
        note="What the database held, Secrets and tokens too, is in the copy: send it as a secret.",
    )


def _of_disks(cluster: Cluster, measured: Set[str]) -> Iterator[doc.Collect]:
    """Nodes whose disk may have been full, and of whose machine no `df` arrived."""
    names = [name for name in full_disks(cluster) if name not in measured]
    if names:
        directory = source_of(cluster.product, cluster.node(names[0]).state.path).listed
        yield doc.Collect(
            database=cluster.product.database,
            evidence=doc.DISK,
            nodes=tuple(names),
            cannot_tell="whether the disk is full, or was: the node is behind, and its open segments point there",
            commands=(f"df -h {directory}", f"df -i {directory}"),
            note="This tells of now: space that was freed since does not show.",
        )


def _of_machines(hosts: Sequence[Host]) -> Iterator[doc.Collect]:
    """Where no state directory arrived at all: those of the products that the machines have."""
    machines: dict[str, list[str]] = {}
    for host in hosts:
        for database in () if host.worker else _carried(host):
            machines.setdefault(database, []).append(host.name or "the machine")
    for database, names in machines.items():
        why = "all of it: no file of its state directory arrived, nor a listing"
        yield _entry(database, "absent", names, why, source_of(by_name(database)))


def _carried(host: Host) -> Sequence[str]:
    """The databases of a machine: by its snaps, else by what collected it, else by what its texts name."""
    snaps = host.snaps or dict.fromkeys(_COLLECTED.get(host.collector, ()))
    databases = (
        tuple(dict.fromkeys(name for snap in snaps for name in _OF_SNAP.get(snap, ()))) or host.products[:_NAMED_MAX]
    )
    without = _WITHOUT.match(host.snaps.get("k8s", ""))
    return [name for name in databases if not (name == "k8s-dqlite" and without)]


def _cannot(grade: Grade, nodes: list[Node]) -> str:
    """What, with the names of files; of a listing that is cut, what that forbids."""
    names = listed(sorted({name for node in nodes for name in _missing(node)})) if grade is Grade.PARTIAL else ""
    cut = any(node.names_cut for node in nodes)
    what = "listing" if grade is Grade.LISTING else "input"
    return (
        _CANNOT[grade]
        + (f": {names}" if names else "")
        + (f"; the {what} is cut, so nothing was judged that needs all names" if cut else "")
    )


def _missing(node: Node) -> list[str]:
    return [file.name for file in node.state.files.values() if file.blob is None and file.role in RAFT_ROLES]


def _stem(database: str) -> str:
    return f"$(hostname)-{database if database != 'unknown' else 'dqlite'}"


def _commands(database: str, source: Source) -> list[str]:
    """A listing with the keys, the journal, and with them in one archive a copy without the keys."""
    stem = _stem(database)
    skipped = "--exclude='*.key' --exclude='*.sock*'" + " --ignore-failed-read" * (len(source.copied) > 1)
    units = " ".join(f"-u '{unit}'" for unit in source.units)
    listing, journal = f"{stem}-ls.txt", f"{stem}-journal.txt"
    logged = f"sudo journalctl {units} -o short-iso --no-pager -n 20000 > {journal}"
    packed = " ".join([*source.copied, listing, *([journal] if units else [])])
    return [
        f"sudo ls -la{'R' * source.deep} {source.listed} > {listing}",
        *([logged] if units else []),
        f"sudo tar -czhf {stem}.tar.gz {skipped} {packed}",
    ]


def _note(source: Source) -> str:
    torn = "A copy of a running node can be torn between two files"
    if source.stop:
        whole = (
            f"{torn}: where this node may be down for a minute, run `{source.stop}` before and `{source.start}` after"
        )
    else:
        whole = f"{torn}; where files of it do not fit together, take another"
    script = "`dqlite-forensics collector > collect.sh` prints a script that collects this, and the rest of the machine"
    return f"{whole}. {script}. What the database holds, Secrets and tokens too, is in the copy: send it as a secret."


def _entry(database: str, evidence: str, nodes: list[str], cannot: str, source: Source) -> doc.Collect:
    return doc.Collect(
        database=database,
        evidence=evidence,
        nodes=tuple(nodes),
        cannot_tell=cannot,
        commands=tuple(_commands(database, source)),
        note=_note(source),
    )
