"""Where state directories lie in the input, and the files that a product keeps around them.

| layout | where |
|---|---|
| plain | `HOST/` |
| bare | at the top: the input is the state directory itself |
| k8s-dqlite | `HOST/var/snap/k8s/common/var/lib/k8s-dqlite/`, with cluster.crt and cluster.key |
| k8sd | `HOST/var/snap/k8s/common/var/lib/k8sd/state/database/`, with daemon.yaml, certificates, truststore around |
| microk8s | `HOST/var/snap/microk8s/current/var/kubernetes/backend/`, with cluster.crt and cluster.key |
| lxd | `HOST/var/snap/lxd/common/lxd/database/global/`, without the YAML files; with local.db and certificates |

Certificates and keys are made from their label (pki.py): none is stored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from forensics.check import pki
from forensics.check.local_database import local_database
from forensics.check.manifest import Part
from forensics.check.tree import File, Tree
from forensics.errors import UsageError

_DIRECTORIES = {
    "plain": "{host}",
    "bare": "",
    "k8s-dqlite": "{host}/var/snap/k8s/common/var/lib/k8s-dqlite",
    "k8sd": "{host}/var/snap/k8s/common/var/lib/k8sd/state/database",
    "microk8s": "{host}/var/snap/microk8s/current/var/kubernetes/backend",
    "lxd": "{host}/var/snap/lxd/common/lxd/database/global",
}
_YAML = ("info.yaml", "cluster.yaml")


@dataclass(slots=True)
class Placed:
    """The files of all parts, and where the state directory of each node is: by `n1`, and by `part:n1`."""

    tree: Tree = field(default_factory=dict)
    directories: dict[str, str] = field(default_factory=dict)

    def resolve(self, path: str) -> str:
        """`n1/metadata1`, `k8sd:n1/../daemon.yaml` → path in the tree. Paths that name no node stand as they are."""
        node, _, rest = path.partition("/")
        directory = self.directories.get(node)
        if directory is None:
            return path
        parts: list[str] = []
        for part in f"{directory}/{rest}".split("/"):
            if part == "..":
                parts.pop()
            elif part:
                parts.append(part)
        return "/".join(parts)


def place(part: Part, nodes: dict[str, Tree], placed: Placed) -> None:
    """Lay one part's state directories where its layout has them."""
    pattern = _DIRECTORIES.get(part.layout)
    if pattern is None:
        raise UsageError(f"no layout {part.layout}")
    for node, files in nodes.items():
        directory = pattern.format(host=part.hosts.get(node, node))
        for key in ([] if part.name else [node]) + [f"{part.name}:{node}"]:
            placed.directories[key] = directory
        for name, file in files.items():
            if part.layout != "lxd" or name not in _YAML:
                placed.tree[f"{directory}/{name}".removeprefix("/")] = file
    around = _AROUND.get(part.layout)
    if around:
        around(nodes, placed, [placed.directories[f"{part.name}:{node}"] for node in nodes])


def _k8s_dqlite(nodes: dict[str, Tree], placed: Placed, directories: list[str]) -> None:
    """One certificate and key, made on the first node and copied to the others."""
    pair = pki.k8s_dqlite(next(iter(nodes)))
    for directory in directories:
        placed.tree[f"{directory}/cluster.crt"] = File(pair.certificate)
        placed.tree[f"{directory}/cluster.key"] = File(pair.key)


def _microcluster(nodes: dict[str, Tree], placed: Placed, directories: list[str]) -> None:
    """daemon.yaml, each member's server.crt and .key, the shared cluster.crt and .key, everyone in every truststore."""
    addresses = [_address(files) for files in nodes.values()]
    members = [(f"control-{number}", address) for number, address in enumerate(addresses, 1)]
    servers = [pki.microcluster_server(name, address.rpartition(":")[0]) for name, address in members]
    cluster = pki.microcluster_cluster(members[0][0], members[0][1].rpartition(":")[0])
    for directory, (name, address), server in zip(directories, members, servers, strict=True):
        state = directory.removesuffix("/database")
        own = {
            "daemon.yaml": f"name: {name}\naddress: {address}\nservers: {{}}\n".encode(),
            "server.crt": server.certificate,
            "server.key": server.key,
            "cluster.crt": cluster.certificate,
            "cluster.key": cluster.key,
        }
        own |= {
            f"truststore/{other}.yaml": _trust(other, where, pair.certificate.decode())
            for (other, where), pair in zip(members, servers, strict=True)
        }
        placed.tree |= {f"{state}/{file}": File(content) for file, content in own.items()}


def _lxd(nodes: dict[str, Tree], placed: Placed, directories: list[str]) -> None:
    """In LXD_DIR each member's server.crt and .key, the shared cluster.crt and .key; local.db beside `global`."""
    addresses = [_address(files) for files in nodes.values()]
    cluster = pki.microcluster_cluster("lxd-1", addresses[0].rpartition(":")[0])
    for number, (directory, address, files) in enumerate(zip(directories, addresses, nodes.values(), strict=True), 1):
        server = pki.microcluster_server(f"lxd-{number}", address.rpartition(":")[0])
        database = directory.removesuffix("/global")
        placed.tree[f"{database}/local.db"] = File(local_database(address, _members(files)))
        own = {
            "server.crt": server.certificate,
            "server.key": server.key,
            "cluster.crt": cluster.certificate,
            "cluster.key": cluster.key,
        }
        placed.tree |= {f"{database.removesuffix('/database')}/{name}": File(text) for name, text in own.items()}


_AROUND = {"k8s-dqlite": _k8s_dqlite, "microk8s": _k8s_dqlite, "k8sd": _microcluster, "lxd": _lxd}


def _members(files: Tree) -> list[tuple[int, str, int]]:
    """ID, address and role (by YAML's numbers) of the members in cluster.yaml."""
    text = files["cluster.yaml"].content.decode()
    fields = [re.findall(rf"\b{key}: *(\S+)", text) for key in ("ID", "Address", "Role")]
    return [(int(number), address, int(role)) for number, address, role in zip(*fields, strict=True)]


def _address(files: Tree) -> str:
    found = re.search(rb"Address: (\S+)", files["info.yaml"].content)
    return found[1].decode() if found else ""


def _trust(name: str, address: str, certificate: str) -> bytes:
    indented = "".join(f"  {line}\n" for line in certificate.splitlines())
    return f"name: {name}\naddress: {address}\ncertificate: |\n{indented}".encode()
