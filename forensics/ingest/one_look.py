"""A listing of a directory, and its YAML files, that arrived apart: one node, as far as both name one host.

Two hosts are two nodes: on each of a cluster, cluster.yaml is the same, and info.yaml as long. A listing that names no
host is placed beside files before (placement.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from forensics.ingest.products import product_of
from forensics.ingest.roles import RAFT_ROLES
from forensics.ingest.state_directory import StateDirectory, StateFile


def with_listed(found: Sequence[StateDirectory]) -> list[StateDirectory]:
    """Each YAML directory with the one listing that is of it; that listing is no directory of its own then."""
    sole = _sole(found)
    taken = {id(yaml) for yaml in sole.values()}
    left = (state for state in found if id(state) not in taken)
    return [_joined(state, sole[id(state)]) if id(state) in sole else state for state in left]


def _sole(found: Sequence[StateDirectory]) -> dict[int, StateDirectory]:
    """Of each listing that is of one YAML directory, and of which no other listing is, that directory."""
    listings, yamls = list(filter(_is_listing, found)), list(filter(_is_yaml, found))
    pairs = [pair for pair in product(listings, yamls) if _is_same(*pair)]
    times = Counter(id(state) for pair in pairs for state in pair)
    return {id(one): other for one, other in pairs if times[id(one)] == times[id(other)] == 1}


def _is_listing(state: StateDirectory) -> bool:
    return bool(state.files) and all(file.listed and file.blob is None for file in state.files.values())


def _is_yaml(state: StateDirectory) -> bool:
    """Nothing but YAML files arrived, with their content."""
    files = state.files.values()
    return bool(files) and all(file.blob is not None and file.role not in RAFT_ROLES for file in files)


def _is_same(listing: StateDirectory, yaml: StateDirectory) -> bool:
    """One product and host, and no file that the listing does not show, or shows otherwise."""
    named = _short(listing.listed_host or (listing.collection.host if listing.collection else None))
    host = yaml.collection.host if yaml.collection else product_of(yaml.path)[1].rpartition("/")[2]
    same = listing.product == yaml.product and named is not None and named == _short(host)
    return same and all(_may_be(listing.files.get(name), file) for name, file in yaml.files.items())


def _short(host: str | None) -> str | None:
    return host.partition(".")[0].lower() if host else None


def _may_be(listed: StateFile | None, file: StateFile) -> bool:
    return listed is not None and listed.size_min <= file.size_max and file.size_min <= listed.size_max


def _joined(listing: StateDirectory, yaml: StateDirectory) -> StateDirectory:
    return replace(
        listing,
        files={**listing.files, **yaml.files},
        around={**listing.around, **yaml.around},
        collection=listing.collection or yaml.collection,
        cut=listing.cut or yaml.cut,
    )
