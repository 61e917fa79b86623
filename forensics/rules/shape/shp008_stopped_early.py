"""SHP008: nothing was written for long before the upload was collected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from forensics.facts.node.file_statistics import last_write
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, duration, moment, segment

_SILENT_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class StoppedEarly:
    """A node that had not written for more than a day.

    Attributes:
        file: the raft file that was written last.
        last_write: when.
        collected: when the upload was collected.
    """

    kind: ClassVar[str] = "stopped-early"
    file: str
    last_write: datetime
    collected: datetime

    def words(self, _: Severity) -> Words:
        """See Problem."""
        silent = duration((self.collected - self.last_write).total_seconds())
        return Words(
            f"the last write was {silent} before the upload was collected",
            (f"{segment(self.file)} was written on {moment(self.last_write)}.",),
        )


@rule(
    "SHP008",
    "nothing was written for long before the upload was collected",
    Severity.INFO,
    fault=FaultKind.PERFORMANCE,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    effect=Effect.NONE,
    fires_on=("shape/stopped-early",),
    silent_on=("shape/healthy-listing",),
)
def stopped_early(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The newest raft file is less than a day older than the time of collection.
    ## Why it matters
    A running datastore writes every few seconds, because Kubernetes renews leases. Older files say since when the
    datastore has stood still: read the journal from that moment on.
    ## False alarm if
    The product writes seldom: LXD and microcluster do, and an idle cluster may be quiet for hours. Copies may have the
    time of the copy.
    ## What to do
    Read the journal around the time of the last write.
    ## References
    https://github.com/canonical/microk8s/issues/2667; docs/reference/collectors.md#listings
    """
    file = last_write(node)
    collected = node.state.collection.collected if node.state.collection else None
    if file is None or file.mtime is None or not file.mtime_year or collected is None:
        yield NotChecked("the time of collection or of the last write is not known", "write-time-unknown")
    elif collected - file.mtime > _SILENT_SECONDS:
        times = (datetime.fromtimestamp(file.mtime, UTC), datetime.fromtimestamp(collected, UTC))
        yield Finding(StoppedEarly(file.name, *times), (file.at,))
