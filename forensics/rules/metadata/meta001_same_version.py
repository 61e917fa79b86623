"""META001: metadata1 and metadata2 at the same version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class SameVersion:
    """The `version` that both files carry."""

    kind: ClassVar[str] = "same-version"
    version: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"metadata1 and metadata2 are both at version {self.version}",
            ("Loading cannot tell which of them is right, so the node does not start.",),
        )


@rule(
    "META001",
    "both metadata files at one version",
    Severity.CRITICAL,
    fault=FaultKind.METADATA_DAMAGED,
    scope=Node,
    needs=(Needs.METADATA,),
    fires_on=("metadata/same-version",),
    silent_on=("healthy/trimmed-111", "healthy/new-term-118"),
)
def same_version(node: Node) -> Iterator[Finding]:
    """## What it checks
    The two metadata files carry different versions.
    ## Why it matters
    Raft writes them in turn, each write with the next version, so two equal versions come from a copy by hand. Loading
    cannot tell which file is right, and stops: `metadata1 and metadata2 are both at version V`.
    ## False alarm if
    Never, as far as is known.
    ## What to do
    Find out which file was copied from where. On a copy, remove the one whose version does not fit its name (odd
    versions belong in metadata1). Term and vote must not be older than what the node has promised to others: in doubt,
    let this node come back once the others have a leader, as the report's first steps say.
    ## References
    canonical/dqlite src/raft/uv_metadata.c; docs/reference/metadata.md#metadata1-and-metadata2
    """
    first = node.metadata1.value if node.metadata1 else None
    second = node.metadata2.value if node.metadata2 else None
    if first and second and first.version == second.version > 0:
        spans = (Span(first.at.path, 8, 8), Span(second.at.path, 8, 8))
        yield Finding(SameVersion(first.version), spans)
