"""CLU022: entries of a term that, by the votes, nobody can have led."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.membership import node_membership
from forensics.facts.log.entry_range import entry_at
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "CLU022",
    "votes that no leader of a term can have won by",
    Severity.MEDIUM,
    scope=Cluster,
    needs=(Needs.METADATA, Needs.CONFIGURATION, Needs.SEGMENTS, Needs.SEVERAL_NODES),
    effect=Effect.ATTENTION,
    fires_on=("cluster/split-votes",),
    silent_on=("cluster/old-leader", "healthy/trimmed-111"),
)
def no_majority(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    For each term whose first entry a log holds: whether the votes of the voters in force then, as their metadata has
    them, leave any candidate a majority. A voter that is absent, or of which another term's vote is known, may have
    voted for anybody.
    ## Why it matters
    Somebody led in that term, or it had no entries. Where the votes exclude everybody, a voter's metadata is not what
    it was: an older copy was put back, or another node's. Such a voter votes once more in a term that it has voted in,
    and two can lead in it.
    ## False alarm if
    Not in a cluster whose members were only changed by raft.
    ## What to do
    Compare each metadata file with the node that it should be of, and with copies; do not start the odd one.
    ## References
    FACTS 1.3, 4.1 (one vote a term); canonical/dqlite src/raft/election.c: a vote is on disk before it is given
    """
    told: set[int] = set()
    for node in cluster.originals():
        for term, first in _begun(node):
            votes = _votes(cluster, node, term, first) if term not in told else None
            if votes is not None:
                told.add(term)
                words = ", ".join(f"{one.name} for {voted or 'nobody'}" for one, voted in votes)
                evidence = [one.metadata.at for one, _ in votes if one.metadata]
                yield Finding(
                    f"entry {first} of {node.name} begins term {term}, and nobody has a majority of its votes: {words}",
                    (*evidence, *_at(node, first)),
                    nodes=tuple(one.name for one, _ in votes),
                )


def _begun(node: Node) -> Iterator[tuple[int, int]]:
    """(term, first index) of each term whose beginning the log shows."""
    for before, after in pairwise(node.log.term_bands()):
        if before[1] + 1 == after[0] and after[2] > before[2]:
            yield after[2], after[0]


def _votes(cluster: Cluster, node: Node, term: int, first: int) -> list[tuple[Node, int]] | None:
    """The votes of a term, if they leave nobody a majority; None if they do, or too few are known."""
    events = [event for event in node_membership(node) if event.index < first]
    voters = {voter.id for voter in events[-1].configuration.voters()} if events else set()
    known = [
        (one, one.metadata.voted_for)
        for one in cluster.originals()
        if one.id in voters and one.metadata and one.metadata.term == term
    ]
    if len(voters) < 2:
        return None  # an only voter leads without a vote
    needed, unknown = len(voters) // 2 + 1, len(voters) - len(known)
    most = max((sum(voted == candidate for _, voted in known) for candidate in voters), default=0)
    return known if most + unknown < needed else None


def _at(node: Node, index: int) -> tuple[Span, ...]:
    at = entry_at(node, index)
    return (at,) if at else ()
