"""Files → state directories: found by what they hold, at any depth, and named after the node that they came from."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from forensics.evidence import Span
from forensics.ingest import raft_names
from forensics.ingest.collectors import Collection, wanted_text
from forensics.ingest.files import InputFile, Kind
from forensics.ingest.naming import name_hosts
from forensics.ingest.paths import resolve
from forensics.ingest.placement import DatedFile, ListedDirectory, Placement, place
from forensics.ingest.products import UNKNOWN, Product, is_microcluster, product_of
from forensics.ingest.roles import RAFT_ROLES, FileRole, role_of
from forensics.ingest.second_copies import live_of, without_older
from forensics.ingest.state_directory import SecondCopy, StateDirectory, StateFile
from forensics.limits import LINK_HOPS_MAX


def wanted(path: str) -> bool:
    """Whether a passing file's content may be needed: a role in a state directory, a place in a collector's table."""
    parent, _, name = path.rpartition("/")
    return role_of(name, parent.rpartition("/")[2]) is not FileRole.UNKNOWN or wanted_text(path)


def find_state_directories(
    files: Iterable[InputFile], fallback: str = "node", collections: Iterable[Collection] = ()
) -> list[StateDirectory]:
    """All raft directories among the files, sorted by product and node.

    Args:
        files: of all inputs.
        fallback: the name of a node whose path tells none (the input is its state directory).
        collections: what collectors.recognise found among the same files.
    """
    tools = [collection for collection in collections if not collection.by_hand]
    tree = _Tree(files, collections)
    found = [tree.state_directory(path, _collection_of(path, tools)) for path in tree.paths() if tree.is_state(path)]
    found = without_older(found, tree.index)
    found = _without_second_copies(found, tree)
    _name_nodes(found, fallback, tree.placement.hosts)
    return sorted(found, key=lambda directory: (directory.product.database, directory.node, directory.path))


class _Tree:
    """Files by directory, with what listings and renamed copies add to them."""

    def __init__(self, files: Iterable[InputFile], collections: Iterable[Collection]) -> None:
        self.index = {file.path: file for file in files}
        self.children: dict[str, dict[str, InputFile]] = defaultdict(dict)
        for file in self.index.values():
            self.children[file.parent][file.name] = file
        real = [path for path in self.children if self.is_state(path, listed=False)]
        self.placement: Placement = place(collections, self.index, real)
        for path, copies in self.placement.copies.items():
            for name, file in copies.items():
                if (file.parent, file.name) != (path, name):  # where the collector put it is no state directory
                    self.children[file.parent].pop(file.name, None)
            self.children[path] = {**copies, **self.children[path]}

    def paths(self) -> list[str]:
        """Of all directories that hold, or are listed to hold, anything. A trust store has its database beside it."""
        known = {*self.children, *self.placement.listed}
        beside = {f"{path.removesuffix('/truststore')}/database" for path in known if path.endswith("/truststore")}
        return sorted(known | beside)

    def is_state(self, path: str, *, listed: bool = True) -> bool:
        """Raft's own names tell; YAML alone tells together, where a known product keeps it, or by what it says."""
        children = self.children.get(path, {})
        names = {name for name, child in children.items() if child.kind is not Kind.DIRECTORY}
        told = self.placement.listed.get(path) if listed else None
        if told is not None:
            names |= {name for name, file in told.files.items() if file.listed.kind is not Kind.DIRECTORY}
        strong = sum(map(_is_unmistakable, names))
        weak = sum(role_of(name) in RAFT_ROLES for name in names)
        yaml = len(names & {"info.yaml", "cluster.yaml"})
        orders = len(names & {"init.yaml", "update.yaml", "join"})
        known = product_of(path)[0] is not UNKNOWN
        sized = told is not None and told.total is not None
        return (
            strong > 0
            or weak >= 3
            or yaml == 2
            or (known and (weak + yaml + orders > 0 or sized))
            or {"logs.db", "snapshots"} <= {*children, *(told.files if told else ())}
            or (known and is_microcluster(product_of(path)[0]) and self._has_truststore(path, listed=listed))
            or any(_is_member_yaml(children[name]) for name in ("info.yaml", "cluster.yaml") if name in children)
        )

    def _has_truststore(self, path: str, *, listed: bool) -> bool:
        folder = f"{path.rpartition('/')[0]}/truststore"
        told = self.placement.listed.get(folder) if listed else None
        return any(name.endswith(".yaml") for name in self.children.get(folder, {})) or told is not None

    def state_directory(self, path: str, collection: Collection | None) -> StateDirectory:
        """Everything about one directory; contents win over listings, the listings' view is kept beside."""
        home = live_of(path) or path
        product, _ = product_of(home)
        directory = StateDirectory("", product, path, self.files(path), collection=collection)
        if told := self.placement.listed.get(path):
            directory.listing, directory.listing_cut, directory.listed_total = told.sources, told.cut, told.total
            directory.listed_at = told.at
            directory.listed = {name: _listed_file(name, file, path) for name, file in told.files.items()}
        directory.around = self._around(home, product)
        if is_microcluster(product):
            parent = home.rpartition("/")[0]
            directory.empty = tuple(name for name in ("truststore",) if self._is_empty(f"{parent}/{name}", collection))
        return directory

    def _is_empty(self, path: str, collection: Collection | None) -> bool:
        """Listed as empty; or copied, by hand and as a folder without files (collectors take only what they name)."""
        told = self.placement.listed.get(path)
        if told is not None:
            return not told.files and told.total == 0
        file = self.index.get(path)
        copied = file is not None and file.kind is Kind.DIRECTORY and collection is None
        return copied and not self.children.get(path)

    def files(self, path: str, prefix: str = "") -> dict[str, StateFile]:
        """What is known of one directory's files, each name with `prefix` before it."""
        told = self.placement.listed.get(path, ListedDirectory())
        files = {prefix + name: _listed_file(name, file, path, prefix) for name, file in told.files.items()}
        for name, file in self.children.get(path, {}).items():
            files[prefix + name] = _state_file(name, file, self.index, prefix)
        return files

    def _around(self, path: str, product: Product) -> dict[str, StateFile]:
        """The directory that a `database` folder lies in, where it is microcluster's or LXD's, and what lies higher."""
        parent, _, name = path.rpartition("/")
        elsewhere = self._elsewhere(path, product)
        files = self.files(parent)
        if product.database in ("lxd", "incus"):
            own = {name: file for name, file in files.items() if file.role not in RAFT_ROLES and name != "global"}
            return elsewhere | own
        if name != "database" or not (is_microcluster(product) or {"daemon.yaml", "truststore"} & set(files)):
            return elsewhere
        files.pop(name, None)
        for folder in ("truststore", "certificates"):
            files |= self.files(f"{parent}/{folder}", f"{folder}/")
        return files

    def _elsewhere(self, path: str, product: Product) -> dict[str, StateFile]:
        levels, roles = _ELSEWHERE.get(product.database, (0, ()))
        parts = path.split("/")
        if not levels or len(parts) < levels:
            return {}
        files = self.files("/".join(parts[:-levels]))
        return {name: file for name, file in files.items() if file.role in roles and name not in self.files(path)}


# What a product keeps further up: how many folders above its raft directory, and files of which roles.
_ELSEWHERE = {
    "lxd": (2, (FileRole.CERTIFICATE, FileRole.KEY, FileRole.BACKUP)),  # LXD_DIR
    "incus": (2, (FileRole.CERTIFICATE, FileRole.KEY, FileRole.BACKUP)),
    "k8s-dqlite": (3, (FileRole.BACKUP,)),  # k8s-snap src/k8s/cmd/k8sd/k8sd_cluster_recover.go: /var/snap/k8s/common
}


def _without_second_copies(found: list[StateDirectory], tree: _Tree) -> list[StateDirectory]:
    """Second copies beside a live directory go to it; where the live one is not here, the copy stands for the node."""
    live = {directory.path: directory for directory in found if directory.files}
    moved = {live_of(directory.path) for directory in found if directory.files} - live.keys()
    for path in tree.paths():
        home = live_of(path)
        owner = live.get(home) if home is not None else None
        if owner is not None:
            owner.second_copies = (*owner.second_copies, SecondCopy(path, tree.files(path)))
    return [d for d in found if live_of(d.path) not in live and d.path not in moved]


def _collection_of(path: str, collections: list[Collection]) -> Collection | None:
    holding = [collection for collection in collections if collection.holds(f"{path}/")]
    return max(holding, key=lambda collection: len(collection.root), default=None)


def _is_member_yaml(file: InputFile) -> bool:
    """A lone YAML file is taken for dqlite's by its keys; an empty one only where it was handed in by itself."""
    content = file.blob.read(0, 4096) if file.blob is not None and file.kind is Kind.FILE else b""
    if not content.strip():
        return "/" not in file.path and file.blob is not None
    return len(set(_MEMBER_KEYS.findall(content))) >= 2 or _SHELL_ANSWER.match(content) is not None


_MEMBER_KEYS = re.compile(rb"(?m)^[ \t]*(?:-[ \t]+)?(ID|Address|Role):")
_SHELL_ANSWER = re.compile(
    rb"\s*(?:[0-9a-f]{1,16}\|[^|\n]+\|(?:voter|stand-?by|spare)\b|\[\s*\{\s*\"ID\":)"
)  # .cluster


def _is_unmistakable(name: str) -> bool:
    closed = raft_names.parse_closed(name)
    snapshot = raft_names.parse_snapshot(name) or raft_names.parse_snapshot_meta(name)
    return name in ("metadata1", "metadata2") or bool(closed and closed.canonical) or bool(snapshot)


def _listed_file(name: str, file: DatedFile, path: str, prefix: str = "") -> StateFile:
    listed = file.listed
    role = role_of(name, path.rpartition("/")[2])
    if listed.kind is Kind.DIRECTORY and role not in (FileRole.RECOVERY, FileRole.TEMPORARY, *RAFT_ROLES):
        role = FileRole.DIRECTORY
    return StateFile(
        prefix + name,
        role,
        listed.kind,
        listed.size_min,
        listed.size_max,
        listed.at,
        None,
        file.mtime,
        listed.mode,
        listed.owner,
        listed=True,
        mtime_precision=listed.when.precision if listed.when else 1,
        mtime_year=file.year_known,
    )


def _state_file(name: str, file: InputFile, index: dict[str, InputFile], prefix: str) -> StateFile:
    role = role_of(name, file.parent.rpartition("/")[2])
    content = follow(file, index) or file
    if content.kind is Kind.DIRECTORY and role not in (FileRole.RECOVERY, FileRole.TEMPORARY, *RAFT_ROLES):
        role = FileRole.DIRECTORY
    return StateFile(
        prefix + name,
        role,
        content.kind,
        content.size,
        content.size,
        content.blob.span() if content.blob else Span(content.path, 0, content.size),
        content.blob,
        content.mtime,
        content.mode,
        content.owner,
        content.cut,
    )


def follow(file: InputFile, index: dict[str, InputFile]) -> InputFile | None:
    """Where a link leads, by name inside its archive; None where it leads nowhere. Other files: themselves."""
    for _ in range(LINK_HOPS_MAX):
        if file.kind is not Kind.LINK:
            return file
        target = resolve(file.path, file.target or "")
        following = index.get(target) if target else None
        if following is None:
            return None
        file = following
    return None


def _name_nodes(directories: list[StateDirectory], fallback: str, hosts: dict[str, str]) -> None:
    roots = _roots(directories, hosts)
    groups = [directory.product.database for directory in directories]
    for directory, name in zip(directories, name_hosts(roots, groups, fallback), strict=True):
        directory.node = name


def _roots(directories: list[StateDirectory], hosts: dict[str, str]) -> list[str]:
    """What of each path tells of its host; a name that a collector or a prompt gives comes first."""
    named = {
        directory.path: name
        for directory in directories
        if (name := hosts.get(directory.path) or (directory.collection.host if directory.collection else None))
    }
    pairs = [(directory.product.database, named.get(directory.path)) for directory in directories]
    roots = []
    for directory in directories:
        root, host = product_of(live_of(directory.path) or directory.path)[1], named.get(directory.path)
        alone = pairs.count((directory.product.database, host)) == 1
        roots.append(root if host is None else host if alone else f"{host}/{root}")
    return roots
