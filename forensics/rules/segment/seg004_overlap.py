"""SEG004: closed segments claim the same entries."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from forensics.facts.log.loading_chain import loading_chain
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "SEG004",
    "overlapping closed segments",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    fires_on=("segment/overlap",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def overlap(node: Node) -> Iterator[Finding]:
    """## What it checks
    No two closed segments claim the same index. Told by names.
    ## Why it matters
    Loading meets an index that it has already and stops: `unexpected closed segment …: first index should have been
    N`. Self-repair renames nothing here. A crash while raft truncated its log leaves exactly this: the old segment,
    and its shorter successor with the same first index.
    ## False alarm if
    An overlap below the segments that loading reads harms nothing: told as info. Two backups merged into one directory
    look like this too.
    ## What to do
    Compare the entries of both (`log`). Where one is a prefix of the other and nothing contradicts another node's log,
    the shorter one is raft's own, newer word. Work on a copy; prefer recovering from a node without this.
    ## References
    canonical/dqlite src/raft/uv_truncate.c; https://github.com/canonical/lxd/pull/13346; FACTS 1.5, 2.10
    """
    chain = loading_chain(node)
    for before, after in pairwise(node.log.closed):
        if before.first > before.last or after.first > before.last:
            continue
        told = f"{before.file.name} and {after.file.name} both claim {after.first} to {min(before.last, after.last)}"
        spans = (after.file.at, before.file.at)
        if after in chain.ignored:
            yield Finding(f"{told}: below what loading reads", spans, Severity.INFO, effect=Effect.NONE)
        else:
            yield Finding(f"{told}: the node does not start", spans)
