"""metadata1 and metadata2 of a result: term and vote, never lower than any that the cluster can have seen.

There is no checksum. A pair that the node wrote is kept, where nothing is missing of it and no entry is of a later
term. Else one file is made: the term after every one that is seen anywhere, in which nobody can have voted yet.

Source: docs/reference/metadata.md#metadata1-and-metadata2.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import partial

from forensics.facts.node.node import Node
from forensics.layouts.metadata import METADATA
from forensics.repair.contents import FileContent, MadeFile, Making

NAMES = ("metadata1", "metadata2")


def is_kept(node: Node, last_term: int) -> bool:
    """The node's own pair is whole, and of the term of its log or a later one.

    Args:
        node: whose.
        last_term: the highest term of the entries of the result.
    """
    here = {name for name in NAMES if name in node.state.files}
    parsed = [one for one in (node.metadata1, node.metadata2) if one is not None]
    if len(parsed) != len(here) or not all(one.whole for one in parsed):
        return False
    versions = sorted(copy.version for copy in node.metadata_copies)
    paired = len(versions) == 2 and versions[1] == versions[0] + 1
    first = versions == [1] and here == {NAMES[0]}
    metadata = node.metadata
    return (paired or first) and metadata is not None and metadata.term >= last_term


def new_term(nodes: Iterable[Node], terms: Iterable[int]) -> MadeFile:
    """metadata1 with the term after all of these, and no vote.

    Args:
        nodes: all that arrived of the cluster.
        terms: of entries.
    """
    seen = [copy.term for node in nodes for copy in node.metadata_copies]
    named = [snapshot.name.term for node in nodes for snapshot in node.snapshots]
    logged = [term for node in nodes for _, segment, _ in node.log.intact_parts() for term in segment.terms[-1:]]
    term = max((*seen, *named, *logged, *terms), default=0) + 1
    return MadeFile(NAMES[0], Making.TERM, partial(_content, term))


def term_files(nodes: Iterable[Node], node: Node, terms: Collection[int]) -> Iterator[FileContent | MadeFile]:
    """Its own pair, or one file made anew.

    Args:
        nodes: all that arrived of the cluster.
        node: whose.
        terms: of the entries of the result.
    """
    if not is_kept(node, max(terms, default=0)):
        yield new_term(nodes, terms)
        return
    for name in NAMES:
        file = node.state.files.get(name)
        if file is not None and file.blob is not None:
            yield FileContent(name, file.blob)


def _content(term: int) -> Iterator[bytes]:
    yield bytes(METADATA.build({"format": 1, "version": 1, "term": term, "voted_for": 0}))
