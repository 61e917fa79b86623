"""CLU007: committed entries that a majority no longer holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.commit_proof import Proof
from forensics.facts.cluster.words import proof_words
from forensics.facts.log.entry_range import entry_at
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "CLU007",
    "committed entries that a majority no longer holds",
    Severity.CRITICAL,
    scope=Cluster,
    needs=(Needs.SEGMENTS, Needs.SEVERAL_NODES),
    effect=Effect.BROKEN,
    fires_on=("cluster/restored-backups",),
    silent_on=("cluster/leader-ahead", "healthy/running-111"),
)
def committed_but_rare(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Entries that provably are committed (a snapshot covers them, or a later change of the members needed them), and how
    many of the voters still hold them, absent voters counted as if they did.
    ## Why it matters
    An entry is committed when a majority has stored it. Where fewer have it now, some voters lost what they had
    acknowledged: an older copy was put in place, a disk was replaced, or dqlite dropped entries at a start without a
    word. Those voters can elect a leader among themselves, and the committed entries are gone for good.
    ## False alarm if
    Where the copies were taken at different times while the cluster ran, the slow ones may just be old copies.
    ## What to do
    Do not start the nodes that lack the entries before the one that has them. Recover from that one (`plan`).
    ## References
    FACTS 4.2
    """
    missing = cluster.commit.missing if cluster.commit else None
    if missing is None:
        return
    proof, behind_nodes = missing.proof, [cluster.node(name) for name in missing.behind]
    holders, behind = map(", ".join, (missing.holders, missing.behind))
    yield Finding(
        f"entries up to {proof.index} are committed ({proof_words(proof)}), but only {holders} of {missing.voters} "
        f"voters hold{'s' * (len(missing.holders) == 1)} them: {behind} lost what they had acknowledged",
        _evidence(proof, behind_nodes),
        nodes=missing.behind,
    )


def _evidence(proof: Proof, behind: Sequence[Node]) -> tuple[Span, ...]:
    last = [at for node in behind if (at := entry_at(node, node.last_index or 0))]
    return (*proof.at, *last)
