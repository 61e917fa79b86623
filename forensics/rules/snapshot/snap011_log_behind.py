"""SNAP011: the log ends before the snapshot does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class LogBehind:
    """The log ends at an entry that the newest snapshot covers already.

    Attributes:
        last_index: where the log ends.
        snapshot_index: where the snapshot ends.
        open_segments: open segments are part of that log.
    """

    kind: ClassVar[str] = "log-behind"
    last_index: int
    snapshot_index: int
    open_segments: bool

    def words(self, _: Severity) -> Words:
        """See Problem."""
        if self.open_segments:
            meaning = "Open segments hold its end: raft 0.13 and older do not start with them."
        else:
            meaning = "Loading passes over the log and goes on behind the snapshot, so nothing is lost."
        return Words(
            f"the log ends at entry {self.last_index}, before the newest snapshot ends ({self.snapshot_index})",
            (meaning,),
        )


@rule(
    "SNAP011",
    "log that ends before the newest snapshot",
    Severity.LOW,
    fault=FaultKind.LOG_INCOMPLETE,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("snapshot/log-behind", "snapshot/log-behind-open"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def log_behind(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The last entry of the log is not below the newest snapshot's index.
    ## Why it matters
    Where there are only closed segments, loading passes over them and goes on behind the snapshot: nothing is lost, and
    the finding is info. Where open segments hold entries but do not reach the snapshot, raft up to 0.13 does not start
    (`… is behind last snapshot's index`); 0.14 and later convert them, try again, and start.
    ## False alarm if
    The leader has just installed a snapshot here.
    ## What to do
    Nothing is lost on this node: the snapshot covers these entries. With raft 0.13 or older, move the log's files away,
    on a copy.
    ## References
    canonical/dqlite src/raft/uv.c; docs/reference/start.md#which-segments-are-used;
    docs/reference/start.md#after-loading; docs/reference/start.md#what-a-start-comes-to
    """
    snapshot = node.newest_snapshot
    if snapshot is None or not (node.log.closed or node.log.open) or snapshot.data_file is None:
        return
    index = snapshot.name.index
    lasts = [part.last for part in node.log.closed]
    lasts += [part.last_read for part in node.log.open if part.last_read is not None]
    if not lasts or max(lasts) >= index:
        return
    if any(part.segment is None for part in node.log.open):
        yield NotChecked("what the open segments hold is not known", "open-segments-unread")
    elif node.log.open:
        yield Finding(LogBehind(max(lasts), index, open_segments=True), (snapshot.data_file.at,))
    else:
        spans = (node.log.closed[-1].file.at, snapshot.data_file.at)
        problem = LogBehind(max(lasts), index, open_segments=False)
        yield Finding(problem, spans, Severity.INFO, effect=Effect.NONE)
