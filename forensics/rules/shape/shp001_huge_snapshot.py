"""SHP001: a very large database, by the size of its snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.file_statistics import largest_snapshot, snapshot_interval
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, duration, size

_LARGE_BYTES = 128 * 2**20
_LIMIT_BYTES = 2**30  # 262144 pages of 4096 bytes
_OFTEN_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class LargeSnapshot:
    """A large snapshot.

    Attributes:
        snapshot: its name.
        bytes: at least so large is its data file.
        interval_seconds: between the two newest snapshots; None where not known.
    """

    kind: ClassVar[str] = "large"
    snapshot: str
    bytes: int
    interval_seconds: int | None

    @property
    def measured(self) -> tuple[str, ...]:
        """How large, and how often."""
        large = f"{self.snapshot} has {size(self.bytes)}."
        if self.interval_seconds is None:
            return (large,)
        return (large, f"The two newest snapshots were taken {duration(self.interval_seconds)} apart.")

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words("the database is large, by the size of its snapshot", self.measured)


@dataclass(frozen=True, slots=True)
class LargeAndFrequent(LargeSnapshot):
    """A large snapshot that is taken every few minutes."""

    kind: ClassVar[str] = "large-and-frequent"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "large snapshots are taken every few minutes",
            (*self.measured, "They are the load on the disk."),
            "Find what fills the database: the report shows sizes by prefix where the snapshot arrived. On k8s-dqlite, "
            "raise the snapshot threshold in tuning.yaml.",
        )


@dataclass(frozen=True, slots=True)
class BeyondPageLimit(LargeSnapshot):
    """A snapshot of more pages than old versions can handle."""

    kind: ClassVar[str] = "beyond-page-limit"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "the database has passed 262144 pages (1 GiB), at which old versions of dqlite crash",
            self.measured,
            "Check the version of dqlite: versions from before the middle of 2021 crash with it, so upgrade them. Find "
            "what fills the database: the report shows sizes by prefix where the snapshot arrived.",
        )


@rule(
    "SHP001",
    "large database, by the size of its snapshot",
    Severity.LOW,
    fault=FaultKind.PERFORMANCE,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    effect=Effect.ATTENTION,
    fires_on=("shape/huge-snapshot",),
    silent_on=("healthy/trimmed-111",),
)
def huge_snapshot(node: Node) -> Iterator[Finding]:
    """## What it checks
    The size of the largest snapshot's data file, and how often snapshots are taken. File names, sizes and times are
    enough for this.
    ## Why it matters
    Every snapshot writes the whole database, and meanwhile the node does little else. Large and frequent snapshots load
    the disk, and cause pauses and missed leases. Versions from before the middle of 2021 crash when a database passes
    262144 pages (1 GiB). The file may be compressed: then the database is even larger. Frequent snapshots and more than
    1 GiB are the more serious cases.
    ## False alarm if
    The workload needs a large database; many objects are no fault.
    ## What to do
    Find what fills the database: if the snapshot's content is in the upload, this report shows sizes by prefix. dqlite
    never vacuums by itself.
    ## References
    https://github.com/canonical/dqlite/issues/292; https://github.com/canonical/microk8s/issues/3064;
    docs/reference/healthy.md#numbers
    """
    found = largest_snapshot(node)
    if found is None or found[1].size_min < _LARGE_BYTES:
        return
    snapshot, file = found
    interval = snapshot_interval(node)
    values = (snapshot.title, file.size_min, None if interval is None else round(interval))
    if file.size_min >= _LIMIT_BYTES:
        yield Finding(BeyondPageLimit(*values), (file.at,), Severity.HIGH, effect=Effect.DEGRADED)
    elif interval is not None and interval < _OFTEN_SECONDS:
        yield Finding(LargeAndFrequent(*values), (file.at,), Severity.MEDIUM, effect=Effect.ATTENTION)
    else:
        yield Finding(LargeSnapshot(*values), (file.at,), effect=Effect.ATTENTION)
