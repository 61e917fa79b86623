"""The files of all inputs as one tree: which directories are state directories, and what is known of each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from forensics.barrier import stage
from forensics.evidence import Span
from forensics.ingest import raft_names
from forensics.ingest.collectors import Collection
from forensics.ingest.collectors.own import changed_while_copied
from forensics.ingest.ends import with_ends
from forensics.ingest.files import InputFile, Kind
from forensics.ingest.looks import NOT_LISTED, DatedFile, ListedDirectory
from forensics.ingest.paths import resolve
from forensics.ingest.placement import place
from forensics.ingest.products import UNKNOWN, Product, is_microcluster, product_of
from forensics.ingest.roles import RAFT_ROLES, FileRole, role_of
from forensics.ingest.second_copies import live_of
from forensics.ingest.state_directory import Look, StateDirectory, StateFile
from forensics.limits import LINK_HOPS_MAX

_YAML = ("info.yaml", "cluster.yaml")
_ORDERS = ("init.yaml", "update.yaml", "join")  # what tells a node what to do at its next start


class FileTree:
    """Files by directory, with what listings and renamed copies add to them."""

    def __init__(self, files: Iterable[InputFile], collections: Iterable[Collection]) -> None:
        self.index = {file.path: file for file in files}
        self.children: dict[str, dict[str, InputFile]] = defaultdict(dict)
        for file in self.index.values():
            self.children[file.parent][file.name] = file
        self.placement = place(collections, self.index, [path for path in self.children if self._holds_state(path)])
        for path, copies in self.placement.copies.items():
            for name, file in copies.items():
                if (file.parent, file.name) != (path, name):  # where the collector put it is no state directory
                    self.children[file.parent].pop(file.name, None)
            self.children[path] = {**copies, **self.children[path]}

    def paths(self) -> list[str]:
        """Of all directories that hold, or are listed to hold, anything. A truststore has its database beside it."""
        known = {*self.children, *self.placement.listed}
        beside = {f"{path.removesuffix('/truststore')}/database" for path in known if path.endswith("/truststore")}
        return sorted(known | beside)

    @stage("looking for a state directory", lambda _, path: path, lambda *_: False)
    def is_state(self, path: str) -> bool:
        """Whether a path is a state directory, by its files and by listings of it."""
        return self._holds_state(path, self.placement.listed)

    @stage("looking into a directory", lambda _, path, *__: path, lambda *_: False)
    def _holds_state(self, path: str, listed: Mapping[str, ListedDirectory] = MappingProxyType({})) -> bool:
        """Raft's own names tell; YAML alone tells together, where a known product keeps it, or by what it says."""
        children, told = self.children.get(path, {}), listed.get(path)
        if told is None and product_of(path)[0] is UNKNOWN and not any(map(_may_tell, children)):
            return False
        names = {name for name, child in children.items() if child.kind is not Kind.DIRECTORY}
        names |= {name for name, file in (told.files if told else {}).items() if file.listed.kind is not Kind.DIRECTORY}
        return (
            _are_of_raft(names)
            or {"info.yaml", "cluster.yaml"} <= names
            or {"logs.db", "snapshots"} <= {*children, *(told.files if told else ())}
            or (product_of(path)[0] is not UNKNOWN and self._holds_some_state(path, names, listed))
            or any(_is_member_yaml(children[name]) for name in _YAML if name in children)
        )

    def _holds_some_state(self, path: str, names: set[str], listed: Mapping[str, ListedDirectory]) -> bool:
        """Where a known product keeps its state: one name, the size, or its truststore beside it is enough."""
        told = listed.get(path)
        if any(role_of(name) in RAFT_ROLES for name in names) or names & {*_YAML, *_ORDERS}:
            return True
        return (told is not None and told.total is not None) or (
            is_microcluster(product_of(path)[0]) and self._has_truststore(path, listed)
        )

    def _has_truststore(self, path: str, listed: Mapping[str, ListedDirectory]) -> bool:
        folder = f"{path.rpartition('/')[0]}/truststore"
        return any(name.endswith(".yaml") for name in self.children.get(folder, {})) or folder in listed

    def state_directory(self, path: str, collection: Collection | None) -> StateDirectory:
        """Everything about one directory; contents win over listings, the listings' view is kept beside."""
        home = live_of(path) or path
        product, _ = product_of(home)
        told = self.placement.listed.get(path, NOT_LISTED)
        truststore = f"{home.rpartition('/')[0]}/truststore"
        return StateDirectory(
            "",
            product,
            path,
            self.files(path),
            around=self._around(home, product),
            listing=told.sources,
            listed={name: _listed_file(name, file, path) for name, file in told.files.items()},
            listing_cut=told.cut,
            listed_total=told.total,
            listed_at=told.at,
            listed_host=told.host,
            looks=tuple(_look(look, path) for look in told.earlier),
            collection=collection,
            changed=changed_while_copied(collection, path),
            empty=("truststore",) if is_microcluster(product) and self._is_empty(truststore, collection) else (),
        )

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
        told = self.placement.listed.get(path, NOT_LISTED)
        files = {prefix + name: _listed_file(name, file, path, prefix) for name, file in told.files.items()}
        for name, file in self.children.get(path, {}).items():
            found, whole = _state_file(name, file, self.index, prefix), f"{path}/{name}"
            tail, sha256 = self.placement.tails.get(whole), self.placement.digests.get(whole)
            is_head = file.cut and file.path != whole
            files[prefix + name] = with_ends(found, files.get(prefix + name), tail, sha256) if is_head else found
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


def _may_tell(name: str) -> bool:
    """A name that may make its folder a state directory: of a report's 50 000 few are."""
    return name == "logs.db" or role_of(name) is not FileRole.UNKNOWN


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


def _are_of_raft(names: set[str]) -> bool:
    """One name that only raft gives, or three that others may give too."""
    return any(map(_is_unmistakable, names)) or sum(role_of(name) in RAFT_ROLES for name in names) >= 3


def _is_unmistakable(name: str) -> bool:
    closed = raft_names.parse_closed(name)
    snapshot = raft_names.parse_snapshot(name) or raft_names.parse_snapshot_meta(name)
    return name in ("metadata1", "metadata2") or bool(closed and closed.canonical) or bool(snapshot)


def _look(told: ListedDirectory, path: str) -> Look:
    files = {name: _listed_file(name, file, path) for name, file in told.files.items()}
    return Look(files, told.sources, told.cut, told.host)


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
