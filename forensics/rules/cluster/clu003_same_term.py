"""CLU003: one index, one term, different entries."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster import Cluster
from forensics.facts.matching import Divergence, Kind
from forensics.facts.node import Node
from forensics.facts.tail import entry_at
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "CLU003",
    "one index and term, different entries",
    Severity.HIGH,
    scope=Cluster,
    needs=(Needs.SEGMENTS, Needs.SEVERAL_NODES),
    fires_on=("cluster/altered-entry", "cluster/shifted-indexes"),
    silent_on=("cluster/old-leader", "healthy/running-111"),
)
def same_term(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Entries of all nodes at the same index and term, by type, size and checksum of the payload.
    ## Why it matters
    A term has one leader, and a leader writes one entry at an index: this is never raft's own doing. Three things do
    it. Entries before these were lost on one node, and dqlite gave their indexes to those behind (an open segment was
    cut or taken away). An entry was changed, its checksums made right. Or the directory of a sole voter went on in two
    places: it restarts as leader without a new term. Raft notices none of them, and the nodes' data differs for good.
    ## When it is wrong
    Where one of the directories is of another cluster with the same founder, which its common start would tell.
    ## What to do
    Do not let the odd one out lead. Keep its directory; give the node a fresh one, and let it join again, so that it
    gets its data from the others. Before, look at what only it holds.
    ## References
    FACTS 2.6 (index shift), 4.1 (log matching), 4.4
    """
    for divergence in cluster.divergences:
        if divergence.kind not in (Kind.ALTERED, Kind.SHIFTED, Kind.FORK):
            continue
        proved = any(cluster.is_committed(side, divergence.index) for side in divergence.sides)
        explained = divergence.kind is Kind.SHIFTED and _explained(cluster, divergence)
        yield Finding(
            _words(divergence),
            tuple(at for side in divergence.sides if (at := entry_at(cluster.node(side.nodes[0]), divergence.index))),
            severity=Severity.CRITICAL if proved and not explained else Severity.HIGH,
            nodes=tuple(name for side in divergence.sides for name in side.nodes),
            effect=Effect.BROKEN if divergence.kind is Kind.FORK and proved else Effect.DEGRADED,
        )


def _explained(cluster: Cluster, divergence: Divergence) -> bool:
    """The files of the node with the lower indexes show the cause, and its own rules tell of it (SEG006, SEG010)."""
    fewer = divergence.sides[1 if divergence.shift > 0 else 0]
    return all(_shows_cause(cluster.node(name), divergence.index) for name in fewer.nodes)


def _shows_cause(node: Node, index: int) -> bool:
    miscounted = any(
        part.segment is not None and len(part.segment) != part.last - part.first + 1 and part.first <= index
        for part in node.log.closed
    )
    return miscounted or any(part.first == index for part in node.log.open)


def _words(divergence: Divergence) -> str:
    first, second = (", ".join(side.nodes) for side in divergence.sides[:2])
    at, term = divergence.index, divergence.sides[0].term
    if divergence.kind is Kind.SHIFTED:
        more, fewer = (first, second) if divergence.shift > 0 else (second, first)
        count = abs(divergence.shift)
        return (
            f"from entry {at} on, {fewer} holds what {more} holds {count} index{'es' * (count > 1)} later: "
            f"{count} entr{'ies' if count > 1 else 'y'} before it {'are' if count > 1 else 'is'} lost on {fewer}, "
            "and what follows has their indexes"
        )
    if divergence.kind is Kind.ALTERED:
        last = divergence.last_index or at
        span = f"entry {at}" if last == at else f"entries {at} to {last}"
        return (
            f"{span} of term {term}: {first} and {second} hold different content, and behind it the logs are equal: "
            "changed on one side, with its checksums right"
        )
    return (
        f"from entry {at} of term {term} on, {first} and {second} hold different entries: both led in one term, as "
        "the two copies of a sole voter's directory do"
    )
