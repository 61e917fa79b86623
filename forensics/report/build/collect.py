"""What the evidence could not tell, and the shortest safe commands that would collect the rest.

Commands only read. Of keys they take sizes and modes, never contents. FACTS 7.1, 8.1, 9 say where things lie.
"""

from __future__ import annotations

from forensics.facts.node import Grade, Node
from forensics.ingest.products import UNKNOWN, is_microcluster
from forensics.ingest.roles import RAFT_ROLES
from forensics.report.build.context import Context
from forensics.report.document import Document

_UNITS = {
    "k8s-dqlite": ("snap.k8s.k8s-dqlite",),
    "k8sd": ("snap.k8s.k8sd",),
    "microk8s": ("snap.microk8s.daemon-k8s-dqlite", "snap.microk8s.daemon-kubelite"),
    "lxd": ("snap.lxd.daemon", "lxd"),
    "incus": ("incus",),
    "microceph": ("snap.microceph.daemon",),
    "microovn": ("snap.microovn.daemon",),
    "microcloud": ("snap.microcloud.daemon",),
    "sunbeam": ("snap.openstack.clusterd",),
    "juju": ("jujud-machine-*",),
    "k3s": ("k3s",),
}
_CANNOT = {
    Grade.PARTIAL: "what the missing files hold",
    Grade.LISTING: "terms, votes, the raft configuration, damage inside files, and what open segments hold: only "
    "names, sizes and times were judged",
    Grade.YAML: "the log: its last term and index (which node is the most up to date), whether the node would "
    "start, damage, and the raft configuration itself",
    Grade.CLEANED: "the log and everything in it: `sos clean` removes binary files, and replaces addresses and names "
    "(consistently inside of one set)",
}
_ORDER = (Grade.CLEANED, Grade.YAML, Grade.LISTING, Grade.PARTIAL)


def build_collect(context: Context) -> list[Document]:
    """One entry a database and grade: its nodes, what could not be told of them, and the commands to run on each."""
    wanted: list[Document] = []
    for cluster in context.case.clusters:
        for grade in _ORDER:
            nodes = [node for node in cluster.directories() if node.grade is grade]
            if nodes:
                wanted.append(_entry(cluster.product.database, grade, nodes))
        absent = [server.address for server in cluster.absent()]
        if absent:
            commands = _whole(cluster.product.database, cluster.nodes[0])
            why = "everything of these members: whether they are ahead, behind, or gone"
            wanted.append(_document(cluster.product.database, "absent", absent, why, commands))
    return wanted


def _entry(database: str, grade: Grade, nodes: list[Node]) -> Document:
    cannot = _CANNOT[grade]
    if grade is Grade.PARTIAL:
        names = sorted({name for node in nodes for name in _missing(node)})
        cannot += f": {', '.join(names[:5])}{', …' if len(names) > 5 else ''}" if names else ""
    if grade is Grade.LISTING and any(node.names_cut for node in nodes):
        cannot += "; the listing is cut, so nothing was judged that needs all names"
    names = [node.name for node in nodes]
    return _document(database, grade.value, names, cannot, _whole(database, nodes[0]))


def _missing(node: Node) -> list[str]:
    return [file.name for file in node.state.files.values() if file.blob is None and file.role in RAFT_ROLES]


def _whole(database: str, node: Node) -> list[str]:
    """A copy without keys, a listing with them, the journal."""
    product = node.state.product
    path = f"/{product.suffixes[0].replace('*', 'current')}" if product is not UNKNOWN else "DIRECTORY"
    if is_microcluster(product):
        path = path.removesuffix("/database")  # daemon.yaml, truststore and certificates lie around it
    stem = f"$(hostname)-{database if database != 'unknown' else 'dqlite'}"
    commands = [
        f"sudo tar -czhf {stem}.tar.gz --exclude='*.key' --exclude='*.sock*' {path}",
        f"sudo ls -laR {path} > {stem}-ls.txt",
    ]
    units = " ".join(f"-u '{unit}'" for unit in _UNITS.get(database, ()))
    if units:
        commands.append(f"sudo journalctl {units} --no-pager -n 20000 > {stem}-journal.txt")
    return commands


def _document(database: str, evidence: str, nodes: list[str], cannot: str, commands: list[str]) -> Document:
    return {
        "database": database,
        "evidence": evidence,
        "nodes": nodes,
        "cannotTell": cannot,
        "commands": commands,
        "note": "A copy of a running node can be torn between two files: if the service may stop, stop it first.",
    }
