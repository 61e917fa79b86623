"""SHP010: copies of the same node's state from other revisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Severity, rule
from forensics.wording import Words, listed


@dataclass(frozen=True, slots=True)
class OlderCopies:
    """State directories of other snap revisions.

    Attributes:
        paths: where they lie in the upload.
    """

    kind: ClassVar[str] = "older-copies"
    paths: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "the upload also has this node's state from other snap revisions",
            (f"Not compared with the cluster: {listed(self.paths)}.",),
        )


@rule(
    "SHP010",
    "state of the same node from other snap revisions",
    Severity.INFO,
    fault=FaultKind.COPY,
    scope=Node,
    effect=Effect.NONE,
    fires_on=("shape/older-revision",),
    silent_on=("healthy/trimmed-111",),
)
def older_copies(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether there are state directories of other revisions of the same snap beside the current one.
    ## Why it matters
    snapd keeps the data of the revision before. They are older copies of this node, not other nodes, and are not
    compared with the cluster. After a failed refresh one of them can be the way back.
    ## False alarm if
    Never, as far as is known.
    ## What to do
    Nothing. Do not put their files into the current directory.
    ## References
    docs/reference/products.md#other-products
    """
    if node.state.older:
        yield Finding(OlderCopies(tuple(node.state.older)), (Span(node.state.older[0]),))
