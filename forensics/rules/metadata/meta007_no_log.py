"""META007: metadata of a voter, and no log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.lost_logs import voters_without_log
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.rules.unread import CUT
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class NoLog:
    """A voter's directory with metadata, but without segments and snapshots.

    Attributes:
        node: whose.
        term: that its metadata is of; None where it cannot be read.
        since: the index of the configuration that makes it a voter.
    """

    kind: ClassVar[str] = "no-log"
    node: str
    term: int | None
    since: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        took_part = () if self.term is None else (f"Its metadata is of term {self.term}, so it took part before.",)
        return Words(
            f"{self.node} has neither entries nor snapshots, but it is a voter",
            (
                f"The newest configuration, at entry {self.since}, makes it one.",
                *took_part,
                "What it had acknowledged is gone there. It votes for nobody until a leader sends it a log.",
            ),
        )


@rule(
    "META007",
    "log missing beside a voter's metadata",
    Severity.HIGH,
    fault=FaultKind.LOG_INCOMPLETE,
    scope=Cluster,
    needs=(Needs.NAMES, Needs.CONFIGURATION, Needs.SEVERAL_NODES),
    effect=Effect.DEGRADED,
    fires_on=("metadata/voter-without-log", "metadata/voter-with-zeros-only", "metadata/two-voters-without-log"),
    silent_on=("healthy/running-111", "cluster/roles"),
)
def no_log(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    A directory that has metadata, but no segment with entries and no snapshot, although the newest configuration of the
    cluster makes it a voter. Open segments that are all zero hold nothing. File names are enough where there is none.
    ## Why it matters
    A member becomes a voter only once it has the log, so this one lost it: what it had acknowledged is gone there. It
    has no configuration, so it votes for nobody until a leader has sent it one: until then the cluster has one voter
    less. The start itself succeeds, and no message tells.
    ## False alarm if
    The upload lacks the files. An upload that was cut inside the directory is not judged. After a forced recovery a
    member was started with an empty directory, and copied before the leader reached it.
    ## What to do
    Find out where the files went: a disk that was replaced, or a directory that somebody emptied. Start the node only
    once the others have a leader: it gets everything from them. Where the others have no majority, see `plan`.
    ## References
    docs/reference/raft.md#bootstrap-and-ids; docs/reference/start.md#bootstrap
    """
    change = cluster.configuration
    if change is None:
        return
    for node in voters_without_log(cluster):
        if node.names_cut:
            yield NotChecked(CUT, "input-cut", (node.name,))
            continue
        file = node.state.file("metadata1") or node.state.file("metadata2")
        metadata = node.metadata
        problem = NoLog(node.name, metadata.term if metadata else None, change.index)
        yield Finding(problem, (file.at,) if file else (), nodes=(node.name,))
