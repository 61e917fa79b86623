"""CLU003: one index, one term, different entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_matching import Divergence, Kind, Side
from forensics.facts.log.payload_difference import Alteration, alteration
from forensics.facts.log.range_writes import RangeWrites, range_writes
from forensics.facts.log.words import alteration_words, writes_words
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.configuration import Server
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.rules.side_words import SideHolds, holds_of, spans_of
from forensics.wording import Words, count, entries, listed, sentences, verb

_KEYS = 5
_COMMITTED_STEPS = (
    "Some of these entries are committed: do not start, and do not recover from, the node that differs from them. Keep "
    "its directory, and look at what only it holds. Then give it an empty directory and let it join again."
)


def _steps(severity: Severity) -> str | None:
    return _COMMITTED_STEPS if severity is Severity.CRITICAL else None


@dataclass(frozen=True, slots=True)
class ShiftedEntries:
    """Entries that one side has at lower indexes, because entries before them were lost there.

    Attributes:
        index: the first entry that differs.
        lost: how many entries were lost.
        losers: nodes that lost them.
        others: nodes that have them.
    """

    kind: ClassVar[str] = "shifted-entries"
    index: int
    lost: int
    losers: tuple[str, ...]
    others: tuple[str, ...]

    def words(self, severity: Severity) -> Words:
        """See Problem."""
        losers = listed(self.losers)
        here, there = (f"{listed(names)} {verb(len(names), 'holds', 'hold')}" for names in (self.losers, self.others))
        return Words(
            f"{losers} lost {count(self.lost, 'entry')} before entry {self.index}, and all later entries have too low "
            "an index there",
            (f"From entry {self.index} on, {here} what {there} {count(self.lost, 'index', 'indexes')} later.",),
            _steps(severity),
        )


@dataclass(frozen=True, slots=True)
class SideWrote:
    """The nodes of one side, and what the entries in question wrote there."""

    nodes: tuple[str, ...]
    wrote: RangeWrites


@dataclass(frozen=True, slots=True)
class AlteredEntries:
    """Entries with different content, and equal logs behind them.

    Attributes:
        first_index, last_index: of the entries that differ.
        terms: of the first of them, each once.
        sides: who holds which content.
        odd: nodes of the side that stands against more nodes; empty where none does.
        alteration: how the first of them differs between two sides; None where that cannot be read.
    """

    kind: ClassVar[str] = "altered-entries"
    first_index: int
    last_index: int
    terms: tuple[int, ...]
    sides: tuple[SideWrote, ...]
    odd: tuple[str, ...]
    alteration: Alteration | None

    def words(self, severity: Severity) -> Words:
        """See Problem."""
        span = entries(self.first_index, self.last_index)
        term = f"{verb(len(self.terms), 'term', 'terms')} {listed(map(str, self.terms))}"
        names = ", another on ".join(listed(side.nodes) for side in self.sides)
        has = verb(self.last_index - self.first_index + 1, "has", "have")
        odd = f" Fewer nodes have the content of {listed(self.odd)}." if self.odd else ""
        changed = alteration_words(self.alteration) if self.alteration else "the payloads cannot be read"
        return Words(
            f"{span} of {term} {has} one content on {names}, but the logs are equal after that",
            sentences(
                f"Somebody or something changed the content on one side, and its checksums match.{odd}",
                f"How it differs: {changed}.",
                *(f"On {listed(side.nodes)}: {writes_words(side.wrote, _KEYS)}." for side in self.sides),
            ),
            _steps(severity),
        )


@dataclass(frozen=True, slots=True)
class TwoLeaders:
    """Different entries of one term to the end of the logs: two nodes led in that term.

    Attributes:
        index: the first entry that differs.
        term: in which two nodes led.
        sides: who holds which entries.
        voters: how many voters there were then; 0 where that is not known.
    """

    kind: ClassVar[str] = "two-leaders"
    index: int
    term: int
    sides: tuple[SideHolds, ...]
    voters: int

    def words(self, severity: Severity) -> Words:
        """See Problem."""
        names = " and ".join(side.names for side in self.sides)
        return Words(
            f"two nodes led in term {self.term}: from entry {self.index} on, {names} hold different entries",
            (self._how(), *(side.words() for side in self.sides)),
            _steps(severity),
        )

    def _how(self) -> str:
        if self.voters == 1:
            return (
                "There was one voter then, who leads at every start without a new term: two copies of its directory "
                "were started, or it started while another node still led."
            )
        voters = f"{self.voters} voters" if self.voters else "more than one voter"
        return (
            f"With {voters}, one of them must have voted twice: its metadata was lost or replaced by an older copy, or "
            "a log was changed by hand."
        )


@rule(
    "CLU003",
    "different entries with one index and one term",
    Severity.HIGH,
    fault=FaultKind.LOG_INCONSISTENT,
    scope=Cluster,
    needs=(Needs.SEGMENTS, Needs.SEVERAL_NODES),
    fires_on=("cluster/altered-entry", "cluster/shifted-indexes"),
    silent_on=("cluster/open-behind-damage", "cluster/old-leader", "healthy/running-111"),
    consequence=True,  # of what a node's own rules show: a miscounted segment, a term that goes back
)
def same_term(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    The entries of all nodes with the same index and term: their type, size, and the checksum of their payload.
    ## Why it matters
    A term has one leader, and a leader writes one entry at an index, so raft never does this. There are three causes.
    First: one node lost earlier entries (an open segment was cut or taken away), and dqlite gave their indexes to the
    entries that follow. Second: an entry was changed and its checksums fit: failing memory changes one bit, a tool or a
    person changes more. Third: two nodes led in one term. A single voter leads at every start without a new term, so
    two copies of its directory can go on separately, and so can it and another node that demoted itself and still
    leads. With several voters, one of them voted twice. Raft notices none of this, and the nodes' data stays different.
    The finding is critical where some of these entries are committed and the node's own files do not show the cause.
    ## False alarm if
    One of the directories is of another cluster that began with the same entries, for example as a copy.
    ## What to do
    Do not let the node that differs become leader. Look at what only it holds, and keep its directory. Then give it an
    empty directory and let it join again, so that it gets its data from the others.
    ## References
    docs/reference/start.md#loading-segments; docs/reference/raft.md#what-must-hold;
    docs/reference/raft.md#traces-of-a-recovery
    """
    for divergence in cluster.divergences:
        if divergence.kind not in (Kind.ALTERED, Kind.SHIFTED, Kind.FORK):
            continue
        if _is_of_wrong_indexes(cluster, divergence):
            continue  # they are no other history: SEG006 and SEG015 tell of them
        proved = bool(cluster.committed_sides(divergence))
        explained = divergence.kind is Kind.SHIFTED and _explained(cluster, divergence)
        yield Finding(
            _problem(cluster, divergence),
            spans_of(cluster, divergence.sides, divergence.index),
            severity=Severity.CRITICAL if proved and not explained else Severity.HIGH,
            nodes=tuple(name for side in divergence.sides for name in side.nodes),
            effect=Effect.BROKEN if divergence.kind is Kind.FORK and proved else Effect.DEGRADED,
            where=(divergence.index,),
        )


def _is_of_wrong_indexes(cluster: Cluster, divergence: Divergence) -> bool:
    """One side's entries do not have their indexes, and none are lost before them."""
    if divergence.kind is Kind.SHIFTED:
        return cluster.fewer(divergence) is None
    return divergence.kind is Kind.FORK and any(cluster.misplaced.issuperset(side.nodes) for side in divergence.sides)


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


def _problem(cluster: Cluster, divergence: Divergence) -> ShiftedEntries | AlteredEntries | TwoLeaders:
    if divergence.kind is Kind.SHIFTED:
        losers = divergence.sides[1 if divergence.shift > 0 else 0]
        return ShiftedEntries(divergence.index, abs(divergence.shift), losers.nodes, divergence.shown_by)
    if divergence.kind is Kind.ALTERED:
        return _altered(cluster, divergence)
    at, sides = divergence.index, divergence.sides
    voters = min((len(_voters(cluster, side, at)) for side in sides), default=0)
    term = divergence.term or sides[0].term
    return TwoLeaders(at, term, tuple(holds_of(cluster, side, at) for side in sides), voters)


def _altered(cluster: Cluster, divergence: Divergence) -> AlteredEntries:
    at, sides = divergence.index, divergence.sides
    last = divergence.last_index or at
    one, other = (cluster.node(side.nodes[0]) for side in sides[:2])
    wrote = (SideWrote(side.nodes, range_writes(cluster.node(side.nodes[0]), at, last)) for side in sides)
    terms = tuple(dict.fromkeys(side.term for side in sides))
    return AlteredEntries(at, last, terms, tuple(wrote), _odd(sides), alteration(one, other, at))


def _odd(sides: tuple[Side, ...]) -> tuple[str, ...]:
    """Which side, by number, where one stands against several."""
    fewest = min(sides, key=lambda side: len(side.nodes))
    more = [side for side in sides if len(side.nodes) > len(fewest.nodes)]
    return fewest.nodes if len(more) == len(sides) - 1 else ()


def _voters(cluster: Cluster, side: Side, index: int) -> tuple[Server, ...]:
    """By the newest configuration before the index that this side holds, or at it."""
    events = [event for event in cluster.membership if event.index <= index and set(event.nodes) & set(side.nodes)]
    return events[-1].configuration.voters() if events else ()
