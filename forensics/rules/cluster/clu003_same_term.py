"""CLU003: one index, one term, different entries."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_matching import Divergence, Kind, Side
from forensics.facts.log.entry_range import entry_at, holds
from forensics.facts.log.payload_difference import alteration
from forensics.facts.log.range_writes import range_writes
from forensics.facts.node.node import Node
from forensics.parsers.configuration import Server
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "CLU003",
    "one index and term, different entries",
    Severity.HIGH,
    scope=Cluster,
    needs=(Needs.SEGMENTS, Needs.SEVERAL_NODES),
    fires_on=("cluster/altered-entry", "cluster/shifted-indexes"),
    silent_on=("cluster/old-leader", "healthy/running-111"),
    consequence=True,  # of what a node's own rules show: a miscounted segment, a term that goes back
)
def same_term(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Entries of all nodes at the same index and term, by type, size and checksum of the payload.
    ## Why it matters
    A term has one leader, and a leader writes one entry at an index: this is never raft's own doing. Three things do
    it. Entries before these were lost on one node, and dqlite gave their indexes to those behind (an open segment was
    cut or taken away). An entry was changed, its checksums made right: failing memory changes a bit, a tool or a hand
    more. Or two led in one term: a sole voter leads at every start without a new one, so that copies of its directory
    go on apart, and so it does while another who just demoted itself still leads; with several voters, one of them
    voted twice. Raft notices none of this, and the nodes' data differs for good.
    ## False alarm if
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
        proved = bool(cluster.committed_sides(divergence))
        explained = divergence.kind is Kind.SHIFTED and _explained(cluster, divergence)
        yield Finding(
            _words(cluster, divergence),
            tuple(at for side in divergence.sides if (at := entry_at(cluster.node(side.nodes[0]), divergence.index))),
            severity=Severity.CRITICAL if proved and not explained else Severity.HIGH,
            nodes=tuple(name for side in divergence.sides for name in side.nodes),
            effect=Effect.BROKEN if divergence.kind is Kind.FORK and proved else Effect.DEGRADED,
        )


def _explained(cluster: Cluster, divergence: Divergence) -> bool:
    """The files of the node with the lower indexes show the cause, and its own rules tell of it (SEG006, SEG010)."""
    fewer = divergence.fewer.nodes if divergence.fewer else ()
    return all(_shows_cause(cluster.node(name), divergence.index) for name in fewer)


def _shows_cause(node: Node, index: int) -> bool:
    miscounted = any(
        part.segment is not None and len(part.segment) != part.last - part.first + 1 and part.first <= index
        for part in node.log.closed
    )
    return miscounted or any(part.first == index for part in node.log.open)


def _words(cluster: Cluster, divergence: Divergence) -> str:
    if divergence.kind is Kind.SHIFTED:
        return _shifted(divergence)
    if divergence.kind is Kind.ALTERED:
        return _altered(cluster, divergence)
    return _forked(cluster, divergence)


def _shifted(divergence: Divergence) -> str:
    first, second = (", ".join(side.nodes) for side in divergence.sides[:2])
    more, fewer = (first, second) if divergence.shift > 0 else (second, first)
    count = abs(divergence.shift)
    return (
        f"from entry {divergence.index} on, {fewer} holds what {more} holds {count} index{'es' * (count > 1)} later: "
        f"{count} entr{'ies' if count > 1 else 'y'} before it {'are' if count > 1 else 'is'} lost on {fewer}, "
        "and what follows has their indexes"
    )


def _altered(cluster: Cluster, divergence: Divergence) -> str:
    at, sides = divergence.index, divergence.sides
    last = divergence.last_index or at
    one, other = (cluster.node(side.nodes[0]) for side in sides[:2])
    terms = " or ".join(str(term) for term in dict.fromkeys(side.term for side in sides))
    span = f"entry {at} of term {terms}" if last == at else f"entries {at} to {last} from term {terms} on"
    names = [", ".join(side.nodes) for side in sides]
    changed = alteration(one, other, at)
    wrote = [
        f"{name}: {range_writes(cluster.node(side.nodes[0]), at, last).words(5)}"
        for name, side in zip(names, sides, strict=True)
    ]
    return (
        f"{span}: {' and '.join(names)} hold different content, and behind it the logs are equal: changed on one side"
        f"{_odd(sides)}, with its checksums right ({changed.words() if changed else 'not at hand'}); {'; '.join(wrote)}"
    )


def _odd(sides: tuple[Side, ...]) -> str:
    """Which side, by number, where one stands against several."""
    fewest = min(sides, key=lambda side: len(side.nodes))
    more = [side for side in sides if len(side.nodes) > len(fewest.nodes)]
    return f", by number on {', '.join(fewest.nodes)}" if len(more) == len(sides) - 1 else ""


def _forked(cluster: Cluster, divergence: Divergence) -> str:
    """Two leaders in one term: whether the members then explain it."""
    at, sides = divergence.index, divergence.sides
    names = [", ".join(side.nodes) for side in sides]
    voters = min((len(_voters(cluster, side, at)) for side in sides), default=0)
    held = "; ".join(f"{name}: {holds(cluster, side, at)}" for name, side in zip(names, sides, strict=True))
    return (
        f"from entry {at} on, {' and '.join(names)} hold different entries, and both led in term {divergence.term}: "
        f"{_how_two_led(voters)}; {held}"
    )


def _how_two_led(voters: int) -> str:
    if voters == 1:
        return (
            "there was one voter then, who leads at every start without a new term: two copies of its directory went "
            "on, or it started while another still led"
        )
    count = f"with {voters} voters" if voters else "with more than one voter"
    return (
        f"{count}, that takes one who voted twice: metadata that was lost or put back (an older copy), or a log that "
        "was changed by hand"
    )


def _voters(cluster: Cluster, side: Side, index: int) -> tuple[Server, ...]:
    """By the newest configuration before the index that this side holds, or at it."""
    events = [event for event in cluster.membership if event.index <= index and set(event.nodes) & set(side.nodes)]
    return events[-1].configuration.voters() if events else ()
