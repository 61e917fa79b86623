"""CLU022: entries of a term that, by the votes, nobody can have led."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.membership import node_membership
from forensics.facts.log.entry_range import entry_at
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class Vote:
    """A node, and the ID that it voted for; None where it voted for nobody."""

    node: str
    candidate: str | None


@dataclass(frozen=True, slots=True)
class NoMajority:
    """A term with entries, in which nobody can have got a majority of the votes.

    Attributes:
        term: that term.
        first_index: its first entry, and node: in whose log.
        votes: those that are known.
    """

    kind: ClassVar[str] = "no-majority"
    term: int
    first_index: int
    node: str
    votes: tuple[Vote, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        votes = ", ".join(f"{vote.node} for {vote.candidate or 'nobody'}" for vote in self.votes)
        return Words(
            f"term {self.term} has entries, but the votes leave nobody a majority in it",
            (f"Entry {self.first_index} of {self.node} begins this term.", f"The votes: {votes}."),
        )


@rule(
    "CLU022",
    "term with entries in which nobody can have been elected",
    Severity.MEDIUM,
    fault=FaultKind.LOG_INCONSISTENT,
    scope=Cluster,
    needs=(Needs.METADATA, Needs.CONFIGURATION, Needs.SEGMENTS, Needs.SEVERAL_NODES),
    effect=Effect.ATTENTION,
    fires_on=("cluster/split-votes",),
    silent_on=("cluster/old-leader", "healthy/trimmed-111"),
)
def no_majority(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    For each term whose first entry a log holds: whether any candidate can have a majority of the voters of that time,
    by the votes in their metadata. A voter that is missing, or whose known vote is of another term, may have voted for
    anybody.
    ## Why it matters
    A term that has entries had a leader. If the votes exclude everybody, the metadata of a voter is not what it was: an
    older copy was put back, or the files of another node. Such a voter can vote a second time in a term, and two nodes
    can lead in it.
    ## False alarm if
    The members were changed by something else than raft.
    ## What to do
    Compare each metadata file with the node that it should belong to, and with copies. Do not start the node that
    differs.
    ## References
    docs/reference/metadata.md#metadata1-and-metadata2; docs/reference/raft.md#what-must-hold (one vote a term);
    canonical/dqlite src/raft/election.c (a vote is on disk before it is given)
    """
    told: set[int] = set()
    for node, term, first in _beginnings(cluster):
        votes = _votes(cluster, node, term, first)
        if votes is None or term in told:
            continue
        told.add(term)
        known = tuple(Vote(one.name, str(voted) if voted else None) for one, voted in votes)
        yield Finding(
            NoMajority(term, first, node.name, known),
            (*_metadata_of(votes), *_at(node, first)),
            nodes=tuple(one.name for one, _ in votes),
            where=(term,),
        )


def _metadata_of(votes: list[tuple[Node, int]]) -> list[Span]:
    return [node.metadata.at for node, _ in votes if node.metadata]


def _beginnings(cluster: Cluster) -> Iterator[tuple[Node, int, int]]:
    """(node, term, first index) of each term whose beginning a log shows."""
    for node in cluster.originals():
        yield from ((node, term, first) for term, first in _begun(node))


def _begun(node: Node) -> Iterator[tuple[int, int]]:
    """(term, first index) of each term whose beginning the log shows."""
    for before, after in pairwise(node.log.term_bands()):
        if before[1] + 1 == after[0] and after[2] > before[2]:
            yield after[2], after[0]


def _votes(cluster: Cluster, node: Node, term: int, first: int) -> list[tuple[Node, int]] | None:
    """The votes of a term, if they leave nobody a majority; None if they do, or too few are known."""
    voters = _voters_before(node, first)
    if len(voters) < 2:
        return None  # an only voter leads without a vote
    known = [
        (one, one.metadata.voted_for)
        for one in cluster.originals()
        if one.id in voters and one.metadata and one.metadata.term == term
    ]
    needed, unknown = len(voters) // 2 + 1, len(voters) - len(known)
    most = max((sum(voted == candidate for _, voted in known) for candidate in voters), default=0)
    return known if most + unknown < needed else None


def _voters_before(node: Node, index: int) -> set[int]:
    """Who had a vote when the entry at an index was written."""
    events = [event for event in node_membership(node) if event.index < index]
    return {voter.id for voter in events[-1].configuration.voters()} if events else set()


def _at(node: Node, index: int) -> tuple[Span, ...]:
    at = entry_at(node, index)
    return (at,) if at else ()
