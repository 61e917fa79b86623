"""CLU030: a directory that was copied while its node was writing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, capital, count, listed, segment, verb


@dataclass(frozen=True, slots=True)
class CopiedWhileWriting:
    """A copy that is not one consistent state.

    Attributes:
        segments: open segments whose entries have no known index.
        unused: how many unused open segments follow; a running node has two.
        whole_to: the last index up to which the log is whole.
    """

    kind: ClassVar[str] = "copied-while-writing"
    node: str
    segments: tuple[str, ...]
    unused: int
    whole_to: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        names = listed(map(segment, self.segments))
        unused = capital(count(self.unused, "unused open segment"))
        follow = verb(self.unused, "follows", "follow")
        return Words(
            f"{self.node} was copied while it was writing: the copy is not one consistent state",
            (
                f"{unused} {follow} {names}, where a running node has two.",
                f"Entries before {names} are missing in the copy. Up to entry {self.whole_to} its log is whole.",
            ),
        )


@rule(
    "CLU030",
    "directory that was copied while the node was writing",
    Severity.LOW,
    fault=FaultKind.COPY,
    scope=Cluster,
    needs=(Needs.SEGMENTS, Needs.SEVERAL_NODES),
    effect=Effect.NONE,
    fires_on=("healthy/copied-under-load",),
    silent_on=("healthy/running-111", "healthy/killed-111"),
)
def copied_while_writing(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    A running node has two unused open segments after the one that it is filling. The rule looks for a copy that has
    fewer, and whose entries from such an open segment on differ from those of the same term in another node's log.
    ## Why it matters
    Nothing is wrong with the node: it began a new segment while its directory was being copied. But the copy lacks
    entries before that segment. If dqlite started on the copy, it would give their indexes to the entries that follow,
    and nothing would notice. So this report does not judge what these segments hold.
    ## False alarm if
    The node was killed just as it began a new segment, and its disk then lost the end of the segment before. That
    leaves the same files.
    ## What to do
    Copy the directory again, if possible with the node stopped. Do not start a node on this copy, and do not recover
    from it.
    ## References
    docs/reference/segments.md#open-segments (life cycle); docs/reference/start.md#loading-segments (index shift)
    """
    for torn in cluster.torn:
        segments = tuple(torn.segments)
        yield Finding(
            CopiedWhileWriting(torn.node, segments, torn.unused, torn.index - 1),
            (torn.at,),
            nodes=(torn.node,),
            where=segments,
        )
