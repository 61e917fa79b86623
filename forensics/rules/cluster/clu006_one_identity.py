"""CLU006: one node's identity in two directories."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.join import Copy, CopyKind, same_machine
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "CLU006",
    "one node's identity in two directories",
    Severity.LOW,
    scope=Cluster,
    needs=(Needs.INFO, Needs.SEVERAL_NODES),
    fires_on=("cluster/copied-directory", "cluster/older-copy", "cluster/report-beside-one-copy"),
    silent_on=("healthy/running-111", "cluster/report-beside-copy"),
)
def one_identity(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Whether two directories carry the same raft ID: the same state twice, an earlier state of the same node, or two
    that went on apart; and whether a member of the configuration has no directory of its own.
    ## Why it matters
    A node is its ID. Two processes with one ID vote twice in a term, and a majority is no longer one. A directory that
    was copied to the wrong node does that; so does a restored backup beside the original.
    ## False alarm if
    A backup kept beside the directory, or two uploads of one node, are no danger as long as only one is started; they
    are counted once everywhere in this report. So is a collector's report beside the copy of the same directory: it is
    a finding where members lack a directory of their own and nothing tells that both are of one machine.
    ## What to do
    Find out which is the node's own. Where a copy took another node's place, stop it, empty it, and let the node join
    as itself.
    ## References
    FACTS 4.1 (identities are unique), 6.3
    """
    absent = [server.address for server in cluster.absent()]
    for copy in cluster.copies:
        node, original = cluster.node(copy.node), cluster.node(copy.of)
        if copy.kind is CopyKind.LOOK and (same_machine(node, original) or not absent):
            continue
        message = f"{copy.node} and {copy.of} carry one ID, {node.id} ({node.address}): {_words(copy, node, original)}"
        severity, effect = Severity.LOW, Effect.ATTENTION
        if absent and copy.kind not in (CopyKind.OLDER, CopyKind.LOOK):
            message += (
                f"; {', '.join(absent)} has no directory of its own, so this one may have been copied in its place"
            )
            severity, effect = Severity.HIGH, Effect.DEGRADED
        elif copy.kind is CopyKind.FORKED:
            severity, effect = Severity.HIGH, Effect.DEGRADED
        votes = _votes(node, original)
        if votes:
            message += f"; they voted for different candidates in term {votes}"
            severity, effect = Severity.HIGH, Effect.DEGRADED
        yield Finding(message, _evidence(node, original), severity, (copy.node, copy.of), effect)


def _words(copy: Copy, node: Node, original: Node) -> str:
    if copy.kind is CopyKind.IDENTICAL:
        return "the same state twice"
    if copy.kind is CopyKind.OLDER:
        return f"{copy.node} is an earlier state of it, up to entry {node.last_index} of {original.last_index}"
    if copy.kind is CopyKind.FORKED:
        return "each went on by itself, so both were started"
    if copy.kind is CopyKind.LOOK:
        return f"of {copy.node} only names or YAML arrived: the same directory again, unless it lies on another machine"
    return "too little arrived to compare them"


def _votes(one: Node, other: Node) -> int | None:
    """A term in which both voted, for different candidates."""
    a, b = one.metadata, other.metadata
    if a and b and a.term == b.term and a.voted_for and b.voted_for and a.voted_for != b.voted_for:
        return a.term
    return None


def _evidence(*nodes: Node) -> tuple[Span, ...]:
    return tuple(node.info.value.at for node in nodes if node.info and node.info.value)
