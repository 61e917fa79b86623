"""Members → state directories: found by what they hold, at any depth, and named after the node that they came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from forensics.evidence import Blob, Span
from forensics.ingest import raft_names
from forensics.ingest.member import Kind, Member
from forensics.ingest.naming import name_hosts
from forensics.ingest.paths import resolve
from forensics.ingest.products import Product, is_microcluster, product_of
from forensics.ingest.roles import RAFT_ROLES, FileRole, role_of
from forensics.limits import LINK_HOPS_MAX


@dataclass(frozen=True, slots=True)
class StateFile:
    """One file of a state directory: with its content, or only as a listing tells of it.

    Attributes:
        name: relative to the state directory (`truststore/n1.yaml`).
        role: see FileRole.
        kind: file, directory, link or socket.
        size_min, size_max: bytes; equal where the size is exact, an interval where a listing rounded it.
        at: the whole member, or the listing's line.
        blob: the content; None from a listing, or where it was refused.
        mtime: seconds since 1970 UTC. mode: permission bits. owner: `user:group`. None where unknown.
        cut: only a part of the content arrived.
        listed: known from a listing only.
    """

    name: str
    role: FileRole
    kind: Kind
    size_min: int
    size_max: int
    at: Span
    blob: Blob | None = None
    mtime: float | None = None
    mode: int | None = None
    owner: str | None = None
    cut: bool = False
    listed: bool = False

    @property
    def exact_size(self) -> int | None:
        """Bytes, where they are known exactly."""
        return self.size_min if self.size_min == self.size_max else None


@dataclass(slots=True)
class StateDirectory:
    """One node's copy of one database's state.

    Attributes:
        node: name of the host or directory that it came from, unique within its database.
        product: whose database it is.
        path: of the raft directory in the input.
        files: of the raft directory, by name.
        around: of the microcluster state directory around it (daemon.yaml, truststore, …), by name.
        listing: the members (listings) that told of files without content.
    """

    node: str
    product: Product
    path: str
    files: dict[str, StateFile] = field(default_factory=dict)
    around: dict[str, StateFile] = field(default_factory=dict)
    listing: tuple[str, ...] = ()

    def of_role(self, role: FileRole) -> list[StateFile]:
        """Its files of one role, by name."""
        return [file for _, file in sorted(self.files.items()) if file.role is role]

    def file(self, name: str) -> StateFile | None:
        """The file of that name, in the raft directory or around it."""
        return self.files.get(name) or self.around.get(name)


def wanted(path: str) -> bool:
    """Whether a passing member's content may be needed: everything whose name has a role in a state directory."""
    parent, _, name = path.rpartition("/")
    return role_of(name, parent.rpartition("/")[2]) is not FileRole.UNKNOWN


def find_state_directories(members: Iterable[Member], fallback: str = "node") -> list[StateDirectory]:
    """All raft directories among the members, sorted by product and node.

    Args:
        members: of all inputs.
        fallback: the name of a node whose path tells none (the input is its state directory).
    """
    index = {member.path: member for member in members}
    children: dict[str, list[Member]] = defaultdict(list)
    for member in index.values():
        children[member.parent].append(member)
    found = []
    for path in sorted(children):
        if _is_state_directory(path, children[path]):
            product, _ = product_of(path)
            directory = StateDirectory("", product, path, _files(children[path], index))
            directory.around = _around(path, product, children, index)
            found.append(directory)
    _name_nodes(found, fallback)
    return sorted(found, key=lambda directory: (directory.product.database, directory.node, directory.path))


def _is_state_directory(path: str, members: list[Member]) -> bool:
    """Raft's own names tell; YAML alone tells only together or where a known product keeps it."""
    names = {member.name for member in members if member.kind is not Kind.DIRECTORY}
    strong = sum(map(_is_unmistakable, names))
    weak = sum(role_of(name) in RAFT_ROLES for name in names)
    yaml = len(names & {"info.yaml", "cluster.yaml"})
    known = bool(product_of(path)[0].suffixes)
    return strong > 0 or weak >= 3 or yaml == 2 or (known and weak + yaml > 0)


def _is_unmistakable(name: str) -> bool:
    closed = raft_names.parse_closed(name)
    snapshot = raft_names.parse_snapshot(name) or raft_names.parse_snapshot_meta(name)
    return name in ("metadata1", "metadata2") or bool(closed and closed.canonical) or bool(snapshot)


def _files(members: list[Member], index: dict[str, Member], prefix: str = "") -> dict[str, StateFile]:
    files = {}
    for member in members:
        file = _state_file(member, index, prefix)
        files[file.name] = file
    return files


def _state_file(member: Member, index: dict[str, Member], prefix: str) -> StateFile:
    role = role_of(member.name, member.parent.rpartition("/")[2])
    content = follow(member, index) or member
    if content.kind is Kind.DIRECTORY and role not in (FileRole.RECOVERY, FileRole.TEMPORARY, *RAFT_ROLES):
        role = FileRole.DIRECTORY
    return StateFile(
        prefix + member.name,
        role,
        content.kind,
        content.size,
        content.size,
        Span(content.path, 0, content.size),
        content.blob,
        content.mtime,
        content.mode,
        content.owner,
        content.cut,
    )


def follow(member: Member, index: dict[str, Member]) -> Member | None:
    """Where a link leads, by name inside its archive; None where it leads nowhere. Other members: themselves."""
    for _ in range(LINK_HOPS_MAX):
        if member.kind is not Kind.LINK:
            return member
        target = resolve(member.path, member.target or "")
        next_member = index.get(target) if target else None
        if next_member is None:
            return None
        member = next_member
    return None


def _around(
    path: str, product: Product, children: dict[str, list[Member]], index: dict[str, Member]
) -> dict[str, StateFile]:
    """The microcluster state directory that a `database` folder lies in."""
    parent, _, name = path.rpartition("/")
    siblings = children.get(parent, [])
    microcluster = is_microcluster(product) or any(member.name in ("daemon.yaml", "truststore") for member in siblings)
    if name != "database" or not microcluster:
        return {}
    files = _files([member for member in siblings if member.path != path], index)
    for folder in ("truststore", "certificates"):
        files |= _files(children.get(f"{parent}/{folder}", []), index, f"{folder}/")
    return files


def _name_nodes(directories: list[StateDirectory], fallback: str) -> None:
    roots = [product_of(directory.path)[1] for directory in directories]
    groups = [directory.product.database for directory in directories]
    for directory, name in zip(directories, name_hosts(roots, groups, fallback), strict=True):
        directory.node = name
