"""Which version of dqlite the forecast speaks for: the one that the evidence points to, else the newest known."""

from __future__ import annotations

import re
from collections.abc import Mapping

from forensics.facts.node.node import Node
from forensics.forecast.result import LibraryChoice, Sign
from forensics.forecast.versions import NEWEST, library
from forensics.parsers.segment import EntryType

_SNAP_VERSION = re.compile(r"v?(\d+)\.(\d+)")
_K8S = {(1, 32): "1.17.1", (1, 33): "1.17.1", (1, 34): "1.18.2", (1, 35): "1.18.2"}
_K8S_DATABASES = frozenset({"k8s-dqlite", "k8sd"})
_CHECKPOINT_BYTES_MAX = 64  # a checkpoint command holds a database's name; frames hold at least one page
_CHECKPOINT = 4


_UNTOLD = LibraryChoice(NEWEST, Sign.NOTHING)


def choose_library(node: Node, snaps: Mapping[str, str], wanted: str | None = None) -> LibraryChoice:
    """The version for a node's forecast.

    Args:
        node: the node.
        snaps: version of each installed snap of its machine, where that is known.
        wanted: what the user asked for; wins.
    """
    if wanted is not None:
        return LibraryChoice(library(wanted), Sign.ASKED_FOR)
    return _by_snap(node, snaps) or _by_content(node) or _UNTOLD


def _by_snap(node: Node, snaps: Mapping[str, str]) -> LibraryChoice | None:
    """The snap that is installed runs the node's next start (docs/reference/versions.md#versions-of-dqlite)."""
    found = _SNAP_VERSION.match(snaps.get("k8s", ""))
    if found is None or node.state.product.database not in _K8S_DATABASES:
        return None
    release = _K8S.get((int(found[1]), int(found[2])))
    return LibraryChoice(library(release), Sign.SNAP, snap=found[0]) if release else None


def _by_content(node: Node) -> LibraryChoice | None:
    """What the directory was last written by.

    Source: docs/reference/files.md#names-in-a-state-directory;
    docs/reference/snapshots.md#snapshot-data;
    docs/reference/commands.md#generations.
    """
    locked = "dqlite-lock" in node.state.files
    merged = _newest_has_wal(node)
    if locked and merged:
        return LibraryChoice(library("1.16.7"), Sign.LOCK_AND_WAL)
    if locked and merged is False and _has_checkpoints(node):
        return LibraryChoice(library("1.17.1"), Sign.LOCK_AND_CHECKPOINTS)
    if locked:
        return LibraryChoice(NEWEST, Sign.LOCK)
    if merged or _has_checkpoints(node):
        barriers = _begins_terms_with_barriers(node)
        sign = Sign.WAL if merged else Sign.CHECKPOINTS
        return LibraryChoice(library("1.15.1" if barriers else "1.11.1"), sign, barriers=barriers)
    return None


def _newest_has_wal(node: Node) -> bool | None:
    snapshot = node.newest_snapshot
    data = snapshot.data.value if snapshot is not None and snapshot.data is not None else None
    if data is None or not data.databases:
        return None
    return any(image.wal_size for image in data.databases)


def _has_checkpoints(node: Node) -> bool:
    blobs = node.log.blobs()
    for _, segment, _ in node.log.parts():
        for kind, offset, size in zip(segment.types, segment.offsets, segment.sizes, strict=True):
            if kind == EntryType.COMMAND and 8 <= size <= _CHECKPOINT_BYTES_MAX:
                head = blobs[segment.path].read(offset, 2)
                if head == bytes([1, _CHECKPOINT]):
                    return True
    return False


def _begins_terms_with_barriers(node: Node) -> bool:
    """Leaders of several voters do so since raft 0.17.1."""
    bands = node.log.term_bands()
    return any(
        term > 1 and any(entry.type == EntryType.BARRIER for entry, _ in node.log.entries(first, first))
        for first, _, term in bands
    )
