"""CLU007: committed entries that a majority no longer holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.commit_proof import Proof
from forensics.facts.cluster.words import proof_words
from forensics.facts.log.entry_range import entry_at
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, listed, verb


@dataclass(frozen=True, slots=True)
class CommittedButRare:
    """Committed entries that too few voters hold.

    Attributes:
        index: the last of them.
        proof: that they are committed.
        holders, behind: voters at hand that hold them, and that do not.
        voters: how many voters there were when they were committed.
    """

    kind: ClassVar[str] = "committed-but-rare"
    index: int
    proof: Proof
    holders: tuple[str, ...]
    behind: tuple[str, ...]
    voters: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        number, lack = len(self.holders), verb(len(self.behind), "lacks", "lack")
        holders = (
            f"Only {listed(self.holders)} {verb(number, 'holds', 'hold')}" if number else "None of these nodes holds"
        )
        return Words(
            f"{listed(self.behind)} {lack} committed entries, and a majority no longer holds them",
            (
                f"Entries up to {self.index} are committed: {proof_words(self.proof)}.",
                f"{holders} all of them; there are {self.voters} voters.",
            ),
        )


@rule(
    "CLU007",
    "committed entries that a majority no longer holds",
    Severity.CRITICAL,
    fault=FaultKind.COMMITTED_MISSING,
    scope=Cluster,
    needs=(Needs.SEGMENTS, Needs.SEVERAL_NODES),
    effect=Effect.BROKEN,
    fires_on=("cluster/restored-backups", "cluster/newer-term-forgotten"),
    silent_on=("cluster/leader-ahead", "cluster/old-leader", "healthy/running-111"),
)
def committed_but_rare(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Entries that are proved to be committed (a snapshot covers them, or a later change of members needed them), and how
    many of the voters still hold them. Voters that are missing here count as if they did. Where voters know the newest
    term and hold nothing of it, the leader's transactions prove it, too: it began each once the one before was
    committed.
    ## Why it matters
    An entry is committed when a majority has stored it. If fewer nodes have it now, some voters lost what they had
    acknowledged: an older copy was put in place, a disk was replaced, or dqlite dropped entries at a start without a
    message. These voters can elect a leader among themselves, and then the committed entries are lost for good.
    ## False alarm if
    The copies were taken at different times while the cluster ran: the nodes that lack entries may just have been
    copied earlier.
    ## What to do
    Do not start the nodes that lack the entries before the one that has them: start that one, and
    as few of them as make a majority with it. It is elected, and they get the entries from it. Only if that cannot be
    done, it is the node to recover from (`plan`).
    ## References
    docs/reference/raft.md#the-commit-index
    """
    missing = cluster.commit.missing if cluster.commit else None
    if missing is None:
        return
    proof, behind_nodes = missing.proof, [cluster.node(name) for name in missing.behind]
    yield Finding(
        CommittedButRare(proof.index, proof, missing.holders, missing.behind, missing.voters),
        _evidence(proof, behind_nodes),
        nodes=missing.behind,
        where=(proof.index,),
    )


def _evidence(proof: Proof, behind: Sequence[Node]) -> tuple[Span, ...]:
    last = [at for node in behind if (at := entry_at(node, node.last_index or 0))]
    return (*proof.at, *last)
