"""Files → state directories: found by what they hold, at any depth, and named after the node that they came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from forensics.ingest.collectors import Collection, wanted_text
from forensics.ingest.files import InputFile
from forensics.ingest.naming import name_hosts
from forensics.ingest.one_look import with_listed
from forensics.ingest.products import product_of
from forensics.ingest.repeats import Same, without_repeats
from forensics.ingest.roles import FileRole, role_of
from forensics.ingest.second_copies import live_of, without_older
from forensics.ingest.state_directory import SecondCopy, StateDirectory
from forensics.ingest.tree import FileTree
from forensics.ingest.unread import may_lack_files


def wanted(path: str) -> bool:
    """Whether a passing file's content may be needed: a role in a state directory, a place in a collector's table."""
    parent, _, name = path.rpartition("/")
    return role_of(name, parent.rpartition("/")[2]) is not FileRole.UNKNOWN or wanted_text(path)


def find_state_directories(
    files: Iterable[InputFile],
    fallback: str = "node",
    collections: Iterable[Collection] = (),
    unread: Sequence[str] = (),
    same: Same = lambda *_: False,
) -> list[StateDirectory]:
    """All raft directories among the files, sorted by product and node.

    Args:
        files: of all inputs.
        fallback: the name of a node whose path tells none (the input is its state directory).
        collections: what collectors.recognise found among the same files.
        unread: where files may be missing (see unread_places).
        same: see without_repeats.
    """
    tools = [collection for collection in collections if not collection.by_hand]
    tree = FileTree(files, collections)
    found = [tree.state_directory(path, _collection_of(path, tools)) for path in tree.paths() if tree.is_state(path)]
    found = with_listed(without_repeats(_with_second_copies(without_older(found, tree.index), tree), same))
    found = [_marked(state, unread) for state in found]
    found = _named(found, fallback, tree.placement.hosts)
    return sorted(found, key=lambda directory: (directory.product.database, directory.node, directory.path))


def _marked(state: StateDirectory, unread: Sequence[str]) -> StateDirectory:
    """With whether files of it may be missing: then no folder is known to be empty."""
    return replace(state, cut=True, empty=()) if may_lack_files(state.path, unread) else state


def _with_second_copies(found: list[StateDirectory], tree: FileTree) -> list[StateDirectory]:
    """Attach second copies to the live directory beside them. Without a live one, a copy stands for the node."""
    live = {directory.path for directory in found if directory.files}
    moved = {live_of(path) for path in live} - live
    copies: dict[str, list[SecondCopy]] = {path: [] for path in live}
    for path in tree.paths():
        home = live_of(path)
        if home in live:
            copies[home].append(SecondCopy(path, tree.files(path)))
    own = [d for d in found if live_of(d.path) not in live and d.path not in moved]
    return [replace(d, second_copies=tuple(copies.get(d.path, ()))) for d in own]


def _collection_of(path: str, collections: list[Collection]) -> Collection | None:
    holding = [collection for collection in collections if collection.holds(f"{path}/")]
    return max(holding, key=lambda collection: len(collection.root), default=None)


def _named(directories: list[StateDirectory], fallback: str, hosts: Mapping[str, str]) -> list[StateDirectory]:
    groups = [directory.product.database for directory in directories]
    names = name_hosts(_roots(directories, hosts), groups, fallback)
    return [replace(directory, node=name) for directory, name in zip(directories, names, strict=True)]


def _roots(directories: list[StateDirectory], hosts: Mapping[str, str]) -> list[str]:
    """The part of each path that names its host; a name from a collector or a prompt wins."""
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
