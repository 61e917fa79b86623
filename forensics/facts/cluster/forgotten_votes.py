"""Votes that nobody remembers: a leader was elected in a term, and too few of its voters know that term.

A voter writes the term down before it answers (docs/reference/metadata.md#metadata1-and-metadata2). So where entries
of a term exist, a majority of those who elected its leader have that term, or a later one, in their metadata. If all of
them are at hand and fewer do, some were put back to an older state, and have forgotten what they acknowledged, too. A
voter without metadata knows the term if it has entries of it; else it may be the one that forgot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forensics.facts.cluster.holdings import Holdings, holdings_of
from forensics.facts.cluster.log_position import log_position
from forensics.facts.node.node import Grade, Node


@dataclass(frozen=True, slots=True)
class ForgottenVotes:
    """Of the newest term.

    Attributes:
        term: in which a leader was elected.
        holder: whose log shows it, by name, and goes furthest: behind damage, too.
        last: the last index that it provably stored.
        nodes: voters that do not know it, by name: of these, some have forgotten their vote.
    """

    term: int
    holder: str
    last: int
    nodes: tuple[str, ...]


def forgotten_votes(nodes: Sequence[Node]) -> ForgottenVotes | None:
    """What the newest term's voters have forgotten; None where nothing shows that they have.

    Args:
        nodes: one directory a server.
    """
    held = {node.name: holdings_of(node) for node in nodes if node.last_index}
    holder = max(
        (node for node in nodes if node.name in held), key=lambda one: _reach(one, held[one.name]), default=None
    )
    if holder is None or holder.configuration is None:
        return None
    term = held[holder.name].term
    if term < 2:
        return None
    voters = {voter.id for voter in holder.configuration.configuration.voters()}
    here = {node.id: node for node in nodes if node.id in voters}
    early = [node.name for node in here.values() if not _may_know(node, held.get(node.name), term)]
    if len(here) < len(voters) or len(voters) - len(early) > len(voters) // 2:
        return None
    return ForgottenVotes(term, holder.name, held[holder.name].stored, tuple(sorted(early)))


def _may_know(node: Node, held: Holdings | None, term: int) -> bool:
    """Its metadata, or without any its log, show the term; or neither of the two did arrive."""
    if node.metadata is not None:
        return node.metadata.term >= term
    return node.grade is not Grade.FULL or held is None or held.term >= term


def _reach(node: Node, held: Holdings) -> tuple[int, int]:
    """How far it got; of a log that is known by name alone, as its snapshot tells."""
    return max(log_position(node), (held.term, held.stored))
