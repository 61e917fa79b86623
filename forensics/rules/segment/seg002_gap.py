"""SEG002: entries are missing between closed segments."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from forensics.facts.log.loading_chain import loading_chain
from forensics.facts.log.raft_log import ClosedSegment
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "SEG002",
    "gap between closed segments",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("segment/gap", "segment/gap-past-snapshot", "segment/gap-below-snapshot"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "healthy/stopped-111"),
)
def gap(node: Node) -> Iterator[Finding]:
    """## What it checks
    Each closed segment begins where the one before it ended. Told by names.
    ## Why it matters
    Raft's log has no holes. Without a snapshot any gap stops the start (`unexpected closed segment …`); with one, a
    gap stops it where the segments behind the gap begin after the snapshot's next entry (`… is past last snapshot`).
    Nothing repairs this by itself.
    ## False alarm if
    A gap below the segments that loading reads is normal, for example after a snapshot was installed by the leader:
    that is told as info. A copy that was made while the node ran can lack a segment that was being renamed.
    ## What to do
    Look for the missing segment on this host first (moved by hand, left in a backup, renamed to corrupt-…). Do not
    rename others to close the gap. If it is lost, recover from another node and let this one join again.
    ## References
    https://github.com/canonical/lxd/issues/7446; https://github.com/canonical/dqlite/issues/309; FACTS 2.5, 2.6, 3.4
    """
    chain = loading_chain(node)
    for before, after in pairwise(node.log.closed):
        missing = after.first - before.last - 1
        if missing <= 0 or before.first > before.last:
            continue
        told = f"{_range(before.last + 1, after.first - 1)} between {before.file.name} and {after.file.name}"
        spans = (before.file.at, after.file.at)
        if before not in chain.ignored:
            message = f"{told}: loading reads both, so the node does not start"
            yield Finding(message, spans)
        elif _is_first_of(chain.used, after) and chain.starts_too_late:
            message = f"{told}: the newest snapshot ends at {chain.snapshot_index}, so the node does not start"
            yield Finding(message, spans)
        else:
            message = f"{told}: below what loading reads, which is normal"
            yield Finding(message, spans, Severity.INFO, effect=Effect.NONE)


def _is_first_of(used: tuple[ClosedSegment, ...], part: ClosedSegment) -> bool:
    return bool(used) and used[0] == part


def _range(first: int, last: int) -> str:
    return f"entry {first} is missing" if first == last else f"entries {first} to {last} are missing"
