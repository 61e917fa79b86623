"""SNAP014: segments that the snapshots before should have removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import FileRole
from forensics.parsers.control import parse_tuning
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, count, sentences

_TRAILING_MOST = 8192  # dqlite's default; no product that sets one of its own keeps more


@dataclass(frozen=True, slots=True)
class KeptTooLong:
    """Closed segments that end too far before the second newest snapshot.

    Attributes:
        segments: how many.
        kept: entries from the first of them up to that snapshot.
        trailing: so many a snapshot leaves before itself, at the most.
        snapshot_index: where that snapshot ends.
    """

    kind: ClassVar[str] = "kept-too-long"
    segments: int
    kept: int
    trailing: int
    snapshot_index: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{count(self.segments, 'closed segment')} should have been removed after a snapshot, and still "
            f"{'is' if self.segments == 1 else 'are'} there",
            sentences(
                f"{count(self.kept, 'entry')} are kept before the snapshot that ends at {self.snapshot_index}, where "
                f"it leaves {self.trailing} and what shares a segment with them."
            ),
        )


@rule(
    "SNAP014",
    "segments that a snapshot should have removed",
    Severity.LOW,
    fault=FaultKind.PERFORMANCE,
    scope=Node,
    needs=(Needs.NAMES,),
    effect=Effect.ATTENTION,
    fires_on=("snapshot/kept-too-long",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "shape/healthy-listing"),
)
def kept_too_long(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Closed segments whose last entry lies further before the second newest snapshot than entries are kept: 8192, or what
    tuning.yaml says. The newest snapshot may have been interrupted; the one before it removed them, or failed to. File
    names are enough for this.
    ## Why it matters
    A start reads all of them, and they fill the disk. That removing fails is a sign of a read-only file system, wrong
    permissions, or files that somebody put there by hand.
    ## False alarm if
    The program that runs dqlite keeps more entries than the default.
    ## What to do
    Look in the journal for removals that fail, and at who owns the files. Remove nothing by hand.
    ## References
    docs/reference/healthy.md#taking-a-snapshot; docs/reference/healthy.md#a-healthy-directory
    """
    paired = sorted(snapshot.name.index for snapshot in node.snapshots if snapshot.paired)
    if len(paired) < 2:
        return
    trailing = _trailing(node)
    if trailing is None:
        yield NotChecked("tuning.yaml is there, and what it says is not", "no-tuning")
        return
    index = paired[-2]
    late = [part for part in node.log.closed if part.last < index - trailing + 1]
    if late:
        problem = KeptTooLong(len(late), index - late[0].first + 1, trailing, index)
        yield Finding(problem, (late[0].file.at, late[-1].file.at))


def _trailing(node: Node) -> int | None:
    """How many entries a snapshot leaves at the most; None where a file says it that did not arrive whole."""
    file = next(iter(node.state.of_role(FileRole.TUNING)), None)
    if file is None:
        return _TRAILING_MOST
    told = parse_tuning(file.blob).value if file.blob else None
    return max(told.trailing or 0, _TRAILING_MOST) if told else None
