"""META004: the two metadata files are not successive writes of one node."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.parsers.metadata import Metadata
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule


@rule(
    "META004",
    "metadata files that do not belong together",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.METADATA,),
    fires_on=(
        "metadata/swapped",
        "metadata/version-gap",
        "metadata/one-missing",
        "metadata/term-backwards",
        "metadata/two-votes",
    ),
    silent_on=("healthy/trimmed-111", "healthy/new-term-118"),
)
def pair(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Odd versions live in metadata1, even ones in metadata2; from version 2 on both are there, one apart; the later write
    has a higher term, or adds the vote that the earlier one lacked.
    ## Why it matters
    Raft writes them so and checks none of it when it reads: it goes on with the larger version. A pair that breaks this
    was put together by hand, restored from a backup, or lost a write; term or vote may be older than what the node
    promised to others.
    ## False alarm if
    An upload that lacks one of the two.
    ## What to do
    Ask what was done to the directory. If term or vote went back, let the node join again with an empty directory
    rather than start it.
    ## References
    canonical/dqlite src/raft/uv_metadata.c (uvMetadataFileIndex), src/raft/uv.c; FACTS 1.3
    """
    copies = [(1, node.metadata1), (0, node.metadata2)]
    sound = [(odd, parsed.value) for odd, parsed in copies if parsed and parsed.value and parsed.whole]
    if not sound:
        yield NotChecked("no metadata file is sound")
    for odd, metadata in sound:
        if metadata.version % 2 != odd:
            name = "metadata1" if odd else "metadata2"
            home = "metadata1" if metadata.version % 2 else "metadata2"
            message = f"{name} holds version {metadata.version}, which belongs in {home}"
            yield Finding(message, (Span(metadata.at.path, 8, 8),))
    if len(sound) == 2:
        older, newer = sorted((metadata for _, metadata in sound), key=lambda metadata: metadata.version)
        yield from _successive(older, newer)
    elif sound and sound[0][1].version > 1 and _absent(node):
        metadata = sound[0][1]
        other = "metadata2" if sound[0][0] else "metadata1"
        message = f"version {metadata.version} is there alone: {other} with version {metadata.version - 1} is missing"
        yield Finding(message, (metadata.at,))


def _absent(node: Node) -> bool:
    return node.state.file("metadata1") is None or node.state.file("metadata2") is None


def _successive(older: Metadata, newer: Metadata) -> Iterator[Finding]:
    versions = (Span(newer.at.path, 8, 8), Span(older.at.path, 8, 8))
    rest = (Span(newer.at.path, 16, 16), Span(older.at.path, 16, 16))
    if newer.version > older.version + 1:
        yield Finding(f"versions {older.version} and {newer.version} are not one apart", versions)
    elif newer.term < older.term:
        yield Finding(f"the term went from {older.term} back to {newer.term}", rest)
    elif newer.term == older.term and newer.version > older.version and (older.voted_for or not newer.voted_for):
        message = f"two writes in term {newer.term}, and the first of them already held a vote, or the second none"
        yield Finding(message, rest)
