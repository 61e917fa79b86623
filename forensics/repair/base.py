"""What the log of a result goes on from: a sound snapshot of the history, on whichever node; or its own beginning.

A snapshot whose data is sound and whose `.meta` is not gets a new `.meta`, where it is known which members were in
force at its index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from forensics.crc import crc32
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_holders import LogHolders
from forensics.facts.node.node import Node, Snapshot
from forensics.layouts.snapshot import META_HEADER
from forensics.parsers.configuration import Configuration
from forensics.repair.configuration import encoded
from forensics.repair.contents import FileContent, MadeFile, Making, changes_of_bits


@dataclass(frozen=True, slots=True)
class Base:
    """A snapshot to go on from, or nothing.

    Attributes:
        index, term: of the last entry in it; 0 where there is none.
        node: whose, by name; empty where there is none.
        files: data and `.meta`.
    """

    index: int
    term: int
    node: str
    files: tuple[FileContent | MadeFile, ...]


NOTHING = Base(0, 0, "", ())


def bases_of(cluster: Cluster, holders: LogHolders, history: Node) -> Iterator[Base]:
    """Every one of a node's history."""
    yield NOTHING
    for node in cluster.nodes:
        if node.name in cluster.misplaced:
            continue
        end = holders.agrees_to(history, node)
        for snapshot in node.snapshots:
            known = snapshot.data is not None and snapshot.data.whole and snapshot.name.index <= end
            base = _base(node, snapshot, holders, history) if known else None
            if base is not None:
                yield base


def _base(node: Node, snapshot: Snapshot, holders: LogHolders, history: Node) -> Base | None:
    data = snapshot.data_file
    meta = _meta(snapshot, holders, history)
    if data is None or data.blob is None or meta is None:
        return None
    return Base(snapshot.name.index, snapshot.name.term, node.name, (FileContent(snapshot.title, data.blob), meta))


def _meta(snapshot: Snapshot, holders: LogHolders, history: Node) -> FileContent | MadeFile | None:
    """As it is; with a known bit set back; or anew."""
    name, index = f"{snapshot.title}.meta", snapshot.name.index
    blob = snapshot.meta_file.blob if snapshot.meta_file else None
    value = snapshot.meta.value if snapshot.meta else None
    if snapshot.meta and snapshot.meta.whole and blob and value and value.configuration and value.format == 1:
        return FileContent(name, blob)
    if blob and value and value.flip:
        return FileContent(name, blob, changes_of_bits([value.flip]))
    for reign in holders.reigns(history):
        if reign.event.index <= index <= holders.certain_to(history, reign):
            content = partial(meta_content, reign.event.index, reign.event.configuration)
            return MadeFile(name, Making.SNAPSHOT_META, content)
    return None


def meta_content(index: int, configuration: Configuration) -> Iterator[bytes]:
    """A `.meta` with the members as of the entry `index`."""
    body = encoded(configuration)
    fields = {
        "format": 1,
        "checksum": 0,
        "checksum_high": 0,
        "configuration_index": index,
        "configuration_size": len(body),
    }
    content = bytes(META_HEADER.build(fields)) + body
    yield content[:8] + crc32(content[16:]).to_bytes(4, "little") + content[12:]
