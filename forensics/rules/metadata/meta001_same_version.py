"""META001: metadata1 and metadata2 at the same version."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "META001",
    "both metadata files at one version",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.METADATA,),
    fires_on=("metadata/same-version",),
    silent_on=("healthy/trimmed-111", "healthy/new-term-118"),
)
def same_version(node: Node) -> Iterator[Finding]:
    """## What it checks
    The two metadata files carry different versions.
    ## Why it matters
    Raft writes them in turn, each write with the next version, so two equal ones come from a copy by hand. Loading
    cannot tell which is right and stops: `metadata1 and metadata2 are both at version V`.
    ## False alarm if
    Never.
    ## What to do
    Find out which file was copied from where. On a copy, remove the one whose version does not fit its name (odd
    versions live in metadata1). Term and vote must not be older than what the node promised: in doubt recover from
    another node.
    ## References
    canonical/dqlite src/raft/uv_metadata.c; FACTS 1.3
    """
    first = node.metadata1.value if node.metadata1 else None
    second = node.metadata2.value if node.metadata2 else None
    if first and second and first.version == second.version > 0:
        spans = (Span(first.at.path, 8, 8), Span(second.at.path, 8, 8))
        yield Finding(f"metadata1 and metadata2 are both at version {first.version}: the node does not start", spans)
