"""A snapshot made of the databases as the time machine has them: the last resort, where no log of the history leads on.

So it is where a snapshot's `.meta` is lost and no entry tells who the members were: the databases are still what they
are, and for a node that becomes the only member nothing else is needed. Only databases without any loss are taken.
The data is one LZ4 frame with its size, and has no write-ahead log: what every version reads
(docs/reference/snapshots.md#snapshot-data).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import groupby

from forensics.errors import InputError
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_holders import LogHolders
from forensics.facts.cluster.misnamed import sure_names
from forensics.facts.database.rebuild import Rebuilt, reach, rebuild
from forensics.facts.database.timeline import PlacedSegment, Timeline, timeline_of
from forensics.facts.node.node import Node
from forensics.layouts.snapshot import DATA_HEADER, DATABASE_HEADER
from forensics.parsers.configuration import Configuration
from forensics.repair.base import Base, meta_content
from forensics.repair.compressed import frame_of
from forensics.repair.contents import MadeFile, Making, Taken

_TIMESTAMP = 1  # breaks ties between snapshots of one index; there is no other one


def made_bases(
    cluster: Cluster, holders: LogHolders, history: Node, members: Configuration, at: int | None
) -> Iterator[Base]:
    """Of each node of a history, the databases as late as they can be told.

    Args:
        cluster: all that arrived.
        holders: who stored what of it.
        history: whose is followed.
        members: who they are from then on.
        at: the last entry that is wanted; None for as many as there are.
    """
    wrong, names = cluster.contradicted(), sure_names(cluster.nodes)
    for node in cluster.nodes:
        end = min(holders.agrees_to(history, node), wrong.get(node.name, 1 << 64) - 1)
        if node.name not in cluster.misplaced:
            timeline = _of_names(node, names[node.name])
            yield from _base(node, timeline, end if at is None else min(end, at), members)


def _of_names(node: Node, names: frozenset[str]) -> Timeline:
    """Of segments whose indexes are sure; one whose name is wrong lies where its entries belong."""
    parts = [
        PlacedSegment(first, first + len(segment) - 1, origin.file)
        for first, segment, origin in node.log.parts()
        if origin.file.name in names
    ]
    return replace(timeline_of(node.state), closed=sorted(parts, key=lambda part: (part.first, part.last)), open=[])


def _base(node: Node, timeline: Timeline, end: int, members: Configuration) -> Iterator[Base]:
    index = max((min(run.last, end) for run in reach(timeline) if run.first <= end), default=0)
    found = rebuild(timeline, index) if index else None
    if found is None:
        return
    with found as rebuilt:
        if not _is_whole(rebuilt):
            return
        title = f"snapshot-{rebuilt.term}-{index}-{_TIMESTAMP}"
        data = MadeFile(
            title, Making.SNAPSHOT, partial(_content, timeline, index), tuple(_taken(node, rebuilt, timeline))
        )
        meta = MadeFile(f"{title}.meta", Making.SNAPSHOT_ALONE, partial(meta_content, index, members))
        yield Base(index, rebuilt.term, node.name, (data, meta))


def _is_whole(rebuilt: Rebuilt) -> bool:
    """Something is there, nothing is missing of it, and no transaction is half written."""
    databases = rebuilt.databases
    return bool(databases) and not rebuilt.replay.waits and not any(map(rebuilt.losses, databases))


def _taken(node: Node, rebuilt: Rebuilt, timeline: Timeline) -> Iterator[Taken]:
    base = rebuilt.index - rebuilt.entries
    if rebuilt.snapshot is not None and rebuilt.snapshot.file.blob is not None:
        yield Taken(node.name, rebuilt.snapshot.file.blob, 1, base)
    for _, group in groupby(timeline.entries(base + 1, rebuilt.index), key=lambda entry: entry.at.path):
        entries = [(entry.index, entry.file.blob) for entry in group]
        (first, blob), (last, _) = entries[0], entries[-1]
        if blob is not None:
            yield Taken(node.name, blob, first, last)


def _content(timeline: Timeline, index: int) -> Iterator[bytes]:
    """The data file, rebuilt each time it is asked for: nothing of it is held in between."""
    found = rebuild(timeline, index)
    if found is None:
        raise InputError(timeline.state.path, "changed while it was read")
    with found as rebuilt:
        heads = {name: _head(name, pages.size) for name, pages in rebuilt.databases.items()}
        head = bytes(DATA_HEADER.build({"format": 1, "databases": len(heads)}))
        size = len(head) + sum(len(heads[name]) + pages.size for name, pages in rebuilt.databases.items())
        yield from frame_of(size, _pieces(head, heads, rebuilt))


def _pieces(head: bytes, heads: Mapping[str, bytes], rebuilt: Rebuilt) -> Iterator[bytes]:
    yield head
    for name, pages in rebuilt.databases.items():
        yield heads[name]
        yield from pages.stored()


def _head(name: str, size: int) -> bytes:
    text = name.encode("utf-8") + b"\0"
    return text.ljust(-(-len(text) // 8) * 8, b"\0") + bytes(DATABASE_HEADER.build({"main_size": size, "wal_size": 0}))
