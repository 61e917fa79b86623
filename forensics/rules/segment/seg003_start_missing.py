"""SEG003: the log begins after what the newest snapshot (or the bootstrap) leads up to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.log.loading_chain import loading_chain
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, segment


@dataclass(frozen=True, slots=True)
class LateBeginning:
    """The first segment that loading reads begins too late.

    Attributes:
        first_index: where it begins.
        file: its name.
        snapshot_index: where the newest complete snapshot ends; None where there is none.
    """

    kind: ClassVar[str] = "late-beginning"
    first_index: int
    file: str
    snapshot_index: int | None

    def words(self, _: Severity) -> Words:
        """See Problem."""
        if self.snapshot_index is None:
            but = "there is no complete snapshot"
        else:
            but = f"the newest complete snapshot ends at {self.snapshot_index}"
        return Words(
            f"the log begins at entry {self.first_index} ({segment(self.file)}), but {but}",
            ("The entries before it are missing here, so the node does not start.",),
        )


@rule(
    "SEG003",
    "log begins too late",
    Severity.CRITICAL,
    fault=FaultKind.LOG_INCOMPLETE,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("segment/first-missing", "snapshot/all-gone"),
    consequence=True,
    silent_on=("snapshot/cut-away", "healthy/trimmed-111", "healthy/lagging-118", "healthy/stopped-111", "segment/gap"),
)
def begins_too_late(node: Node) -> Iterator[Finding]:
    """## What it checks
    The first closed segment begins at entry 1, or no later than the entry that follows the newest complete snapshot.
    File names are enough for this.
    ## Why it matters
    Entries that neither the log nor a snapshot holds are gone on this node, and it does not start: `first index
    should have been 1`, or `closed segment … is past last snapshot`.
    ## False alarm if
    The copy left out the snapshots, which are the largest files. Then nothing is wrong with the node.
    ## What to do
    Ask for the snapshot files, and look for older segments on the host. If they are lost, let this node come back once
    the others have a leader, as the report's first steps say.
    ## References
    https://github.com/canonical/raft/issues/57; docs/reference/start.md#which-segments-are-used;
    docs/reference/start.md#loading-segments
    """
    chain = loading_chain(node)
    if not chain.starts_too_late or chain.ignored:  # with segments below, it is a gap: SEG002
        return
    first = chain.used[0]
    snapshot = node.newest_snapshot
    yield Finding(
        LateBeginning(first.first, first.file.name, chain.snapshot_index or None),
        (first.file.at, *((snapshot.data_file.at,) if snapshot and snapshot.data_file else ())),
    )
