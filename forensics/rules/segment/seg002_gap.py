"""SEG002: entries are missing between closed segments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import ClassVar

from forensics.facts.log.loading_chain import Chain, loading_chain
from forensics.facts.log.raft_log import ClosedSegment
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, are, entries, segment


class Gap(Enum):
    """Where a gap lies, as far as the next start is concerned."""

    INSIDE = "inside"  # loading reads the segments on both sides
    BEHIND_SNAPSHOT = "behind-snapshot"  # loading reads those behind it, and the snapshot does not reach them
    BELOW = "below"  # loading does not read what lies below it


@dataclass(frozen=True, slots=True)
class MissingEntries:
    """Entries that no closed segment holds, though others hold what comes before and after.

    Attributes:
        first_index, last_index: the entries.
        before, after: names of the segments on both sides.
        gap: where it lies.
        snapshot_index: where the newest snapshot ends; 0 where there is none.
    """

    kind: ClassVar[str] = "missing-entries"
    first_index: int
    last_index: int
    before: str
    after: str
    gap: Gap
    snapshot_index: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        verb = are(self.last_index - self.first_index + 1)
        return Words(
            f"{entries(self.first_index, self.last_index)} {verb} missing between "
            f"{segment(self.before)} and {segment(self.after)}",
            (_MEANING[self.gap].format(snapshot=self.snapshot_index),),
        )


_MEANING = {
    Gap.INSIDE: "Loading reads the segments on both sides of the gap, so the node does not start.",
    Gap.BEHIND_SNAPSHOT: (
        "The newest snapshot ends at entry {snapshot} and does not bridge the gap, so the node does not start."
    ),
    Gap.BELOW: "Loading does not read what lies below the gap, so it does no harm.",
}


@rule(
    "SEG002",
    "gap between closed segments",
    Severity.CRITICAL,
    fault=FaultKind.LOG_INCOMPLETE,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("segment/gap", "segment/gap-past-snapshot", "segment/gap-below-snapshot"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "healthy/stopped-111"),
)
def gap(node: Node) -> Iterator[Finding]:
    """## What it checks
    Each closed segment begins where the one before it ends. File names are enough for this.
    ## Why it matters
    A raft log has no holes. Without a snapshot, any gap stops the start (`unexpected closed segment …`). With a
    snapshot, a gap stops the start where the segments behind it begin later than the entry that follows the snapshot
    (`… is past last snapshot`). No start repairs a gap.
    ## False alarm if
    The copy was made while the node was running: it can lack a segment that was just being renamed. A gap below the
    segments that loading reads is normal, for example after the leader installed a snapshot here; it is shown as info.
    ## What to do
    Look for the missing segment on this host first: moved by hand, left in a backup, or renamed to corrupt-…. Do not
    rename other segments to close the gap. If the segment is lost, let this node come back once the others have a
    leader, as the report's first steps say.
    ## References
    https://github.com/canonical/lxd/issues/7446; https://github.com/canonical/dqlite/issues/309;
    docs/reference/start.md#which-segments-are-used; docs/reference/start.md#loading-segments;
    docs/reference/healthy.md#a-healthy-directory
    """
    chain = loading_chain(node)
    for before, after in pairwise(node.log.closed):
        first, last = before.last + 1, after.first - 1
        if first > last or before.first > before.last or after.first > after.last:
            continue  # a name that cannot be right tells of no gap: SEG005
        place = _place(chain, before, after)
        below = place is Gap.BELOW
        yield Finding(
            MissingEntries(first, last, before.file.name, after.file.name, place, chain.snapshot_index),
            (before.file.at, after.file.at),
            Severity.INFO if below else None,
            effect=Effect.NONE if below else None,
            where=(first, last),
        )


def _place(chain: Chain, before: ClosedSegment, after: ClosedSegment) -> Gap:
    if before not in chain.ignored:
        return Gap.INSIDE
    return Gap.BEHIND_SNAPSHOT if chain.used[:1] == (after,) and chain.starts_too_late else Gap.BELOW
