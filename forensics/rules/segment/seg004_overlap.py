"""SEG004: closed segments claim the same entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from forensics.facts.log.loading_chain import loading_chain
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, entries, segment


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two closed segments whose names claim the same entries.

    Attributes:
        first_index, last_index: the entries that both claim.
        before, after: names of the segments, by first index.
        loaded: the next start reads them.
    """

    kind: ClassVar[str] = "overlap"
    first_index: int
    last_index: int
    before: str
    after: str
    loaded: bool

    def words(self, _: Severity) -> Words:
        """See Problem."""
        if self.loaded:
            meaning = "Loading stops at the second of them, so the node does not start."
        else:
            meaning = "Loading does not read segments this far back, so they do no harm."
        both = f"{segment(self.before)} and {segment(self.after)}"
        return Words(f"{both} both claim {entries(self.first_index, self.last_index)}", (meaning,))


@rule(
    "SEG004",
    "overlapping closed segments",
    Severity.CRITICAL,
    fault=FaultKind.LOG_INCONSISTENT,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    fires_on=("segment/overlap",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def overlap(node: Node) -> Iterator[Finding]:
    """## What it checks
    No two closed segments claim the same index. File names are enough for this.
    ## Why it matters
    Loading meets an index that it already has, and stops: `unexpected closed segment …: first index should have been
    N`. Self-repair moves nothing away here. A crash while raft truncated its log leaves exactly this: the old segment,
    and its shorter replacement with the same first index.
    ## False alarm if
    Two backups were copied into one directory. An overlap below the segments that loading reads does no harm; it is
    shown as info.
    ## What to do
    Compare the entries of both segments (`log`). Where one is the beginning of the other, and no other node's log
    contradicts it, the shorter one is what raft wrote last. Work on a copy. It is safer to let this node come back once
    the others have a leader, as the report's first steps say.
    ## References
    canonical/dqlite src/raft/uv_truncate.c; https://github.com/canonical/lxd/pull/13346;
    docs/reference/segments.md#closed-segments; docs/reference/start.md#what-a-start-comes-to
    """
    chain = loading_chain(node)
    for before, after in pairwise(node.log.closed):
        if before.first > before.last or after.first > before.last:
            continue
        loaded = after not in chain.ignored
        names = before.file.name, after.file.name
        yield Finding(
            Overlap(after.first, min(before.last, after.last), *names, loaded),
            (after.file.at, before.file.at),
            None if loaded else Severity.INFO,
            effect=None if loaded else Effect.NONE,
            where=names,
        )
