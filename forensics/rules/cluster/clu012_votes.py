"""CLU012: a vote for a server that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, sentences


@dataclass(frozen=True, slots=True)
class UnknownVote:
    """A vote for an ID that nothing else names.

    Attributes:
        voted_for: that ID.
        term: of the vote.
        trimmed: no log here reaches back to the first members, so the candidate may have been one.
    """

    kind: ClassVar[str] = "unknown-vote"
    node: str
    voted_for: str
    term: int
    trimmed: bool

    def words(self, severity: Severity) -> Words:
        """See Problem."""
        steps = f"Ask whether member {self.voted_for} was removed long ago. If not, compare the file with a copy."
        return Words(
            f"{self.node} voted for a server that nothing else knows",
            sentences(
                f"In term {self.term} it voted for ID {self.voted_for}, which no configuration and no file names.",
                "No log here goes back to the first members: it may have been one of them." if self.trimmed else "",
            ),
            None if severity is Severity.MEDIUM else steps,
        )


@rule(
    "CLU012",
    "vote for a server that nothing else knows",
    Severity.MEDIUM,
    fault=FaultKind.IDENTITY,
    scope=Cluster,
    needs=(Needs.METADATA, Needs.CONFIGURATION),
    fires_on=("cluster/unknown-vote",),
    silent_on=("cluster/old-leader", "healthy/running-111"),
)
def votes(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The vote in every node's metadata, against the IDs in all configurations of logs and snapshots, and in all info.yaml
    and cluster.yaml files.
    ## Why it matters
    A node votes only for members of its configuration. A vote for anybody else means that the metadata is damaged,
    belongs to another cluster, or is older than everything else here.
    ## False alarm if
    The candidate was removed long ago, and the log no longer shows it. Where no log goes back to the first members, the
    finding is milder for that reason.
    ## What to do
    Compare the file with a copy, and ask where the directory came from.
    ## References
    docs/reference/metadata.md#metadata1-and-metadata2; docs/reference/raft.md#what-must-hold
    """
    known = _known_ids(cluster)
    trimmed = not any(event.index == 1 for event in cluster.membership)
    for node in cluster.nodes:
        metadata = node.metadata
        if metadata and metadata.voted_for and metadata.voted_for not in known:
            yield Finding(
                UnknownVote(node.name, str(metadata.voted_for), metadata.term, trimmed),
                (metadata.at,),
                Severity.LOW if trimmed else None,
                nodes=(node.name,),
                where=(str(metadata.voted_for),),
            )


def _known_ids(cluster: Cluster) -> set[int | None]:
    """All IDs that anything but votes names."""
    known: set[int | None] = {server.id for event in cluster.membership for server in event.configuration.servers}
    known |= {node.id for node in cluster.nodes}
    lists = [node.cluster.value for node in cluster.nodes if node.cluster and node.cluster.value]
    return known | {member.id for members in lists for member in members.members}
