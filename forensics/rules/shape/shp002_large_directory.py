"""SHP002: the state directory takes far more space than its log needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.file_statistics import pace_of, size_on_disk
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, sentences, size

_LARGE_BYTES = 2**30


@dataclass(frozen=True, slots=True)
class LargeDirectory:
    """A directory of which the log is a small part.

    Attributes:
        bytes: of the directory.
        segment_bytes: of its closed segments.
        names_cut: the listing does not show all files.
        bytes_per_minute: by which the log grows; None where times do not tell.
    """

    kind: ClassVar[str] = "large-directory"
    bytes: int
    segment_bytes: int
    names_cut: bool
    bytes_per_minute: int | None

    def words(self, _: Severity) -> Words:
        """See Problem."""
        shown = " that the listing shows" if self.names_cut else ""
        pace = self.bytes_per_minute
        return Words(
            f"the state directory takes {size(self.bytes)}, far more than its log needs",
            sentences(
                f"The closed segments{shown} take {size(self.segment_bytes)}.",
                "The rest is snapshots of a database that has grown, or snapshots that nothing uses any more.",
                f"The log grows by {size(pace)} a minute." if pace is not None else "",
            ),
        )


@rule(
    "SHP002",
    "state directory takes far more space than its log needs",
    Severity.MEDIUM,
    fault=FaultKind.PERFORMANCE,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    effect=Effect.ATTENTION,
    fires_on=("shape/large-directory",),
    silent_on=("healthy/trimmed-111",),
)
def large_directory(node: Node) -> Iterator[Finding]:
    """## What it checks
    The size of the whole directory against that of its segments. The size comes from the `total` line of the listing,
    from `du`, or from the sum of the files.
    ## Why it matters
    About 8192 entries of log stay on disk (some 200 MiB in a busy cluster), and two snapshots. Gigabytes beyond that
    are a database that has grown, or snapshots without .meta that old versions never removed (fixed by raft pull
    request 193).
    ## False alarm if
    Debugging dumps (db.bin) or copies that somebody left in the directory take the space.
    ## What to do
    List the snapshots with their sizes. Data files without a .meta beside them are never read, and can be removed. If
    the newest pair itself is large, find what fills the database.
    ## References
    https://github.com/canonical/microk8s/issues/3064; https://github.com/canonical/dqlite/issues/289
    """
    total, at = size_on_disk(node)
    log = sum(part.file.size_max for part in node.log.closed if part.file.sized)
    if total < _LARGE_BYTES or total < 4 * log:
        return
    pace = pace_of(node)
    yield Finding(LargeDirectory(total, log, node.names_cut, round(pace.bytes_per_minute) if pace else None), (at,))
