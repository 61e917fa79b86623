"""SNAP002: a snapshot's `.meta` without its data, or with data of no bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from forensics.facts.log.loading_chain import loading_chain
from forensics.facts.node.node import Node, Snapshot
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words


class Outcome(Enum):
    """What the next start makes of it."""

    NOT_KNOWN = "not-known"  # the listing does not show whether the log reaches back far enough
    DOES_NOT_START = "does-not-start"  # without this snapshot the log begins too late
    PASSED_OVER = "passed-over"  # the newest, with an empty data file; the log reaches back without it
    SUPERSEDED = "superseded"  # with an empty data file, and a newer snapshot is complete
    DELETED = "deleted"  # what an interrupted snapshot leaves


@dataclass(frozen=True, slots=True)
class NoData:
    """A snapshot of which only the `.meta` says anything.

    Attributes:
        snapshot: name of its data file.
        empty: that file is there, without content.
        outcome: what the next start makes of it.
    """

    kind: ClassVar[str] = "no-data"
    snapshot: str
    empty: bool
    outcome: Outcome

    def words(self, _: Severity) -> Words:
        """See Problem."""
        what = "an empty data file" if self.empty else "no data file, only its .meta"
        return Words(f"{self.snapshot} has {what}", (_MEANING[self.outcome],), _STEPS.get(self.outcome))


_LOOK = (
    "Look for the data file on the host. If it is lost, let this node come back once the others have a leader, as the "
    "report's first steps say."
)
_MEANING = {
    Outcome.NOT_KNOWN: (
        "Loading passes over it. Whether the log reaches back far enough without it cannot be told from this listing."
    ),
    Outcome.DOES_NOT_START: "Without it the log begins too late, so the node does not start.",
    Outcome.PASSED_OVER: "Loading passes over it, and the log reaches back far enough without it.",
    Outcome.SUPERSEDED: "Loading passes over it; a newer snapshot is complete.",
    Outcome.DELETED: "The snapshot was interrupted. The next start deletes what it left.",
}
_STEPS = {
    Outcome.NOT_KNOWN: _LOOK,
    Outcome.DOES_NOT_START: _LOOK,
    Outcome.PASSED_OVER: "Compare with the file on the host. If it is empty there too, check the disk.",
}


@rule(
    "SNAP002",
    "snapshot without its data",
    Severity.INFO,
    fault=FaultKind.SNAPSHOT_DAMAGED,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    fires_on=(
        "snapshot/newest-without-data",
        "snapshot/newest-empty",
        "snapshot/interrupted",
        "snapshot/empty-in-a-cut-listing",
    ),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def no_data(node: Node) -> Iterator[Finding]:
    """## What it checks
    Every `.meta` has a data file beside it that is not empty. Names and sizes are enough for this.
    ## Why it matters
    Raft writes the `.meta` first: a crash before the data leaves it alone, and the next start deletes it. That does no
    harm as long as the log still reaches back to an older snapshot or to its beginning. Where it does not, the data was
    there once and is lost, and the node does not start. Where the data file is empty, loading passes over the pair.
    ## False alarm if
    The copy left out large files: then nothing is wrong with the node. In a listing that is cut, only empty data files
    are reported.
    ## What to do
    Nothing needs doing.
    ## References
    canonical/dqlite src/raft/uv_snapshot.c; docs/reference/start.md#failures-before-loading;
    docs/reference/start.md#listing-and-sorting; docs/reference/healthy.md#taking-a-snapshot
    """
    for snapshot in node.snapshots:
        meta, data = snapshot.meta_file, snapshot.data_file
        if meta is None or snapshot.loadable or (node.names_cut and data is None):
            continue
        outcome = _outcome(node, snapshot)
        severity, effect = _WEIGHTS[outcome]
        yield Finding(
            NoData(snapshot.title, data is not None, outcome),
            (data.at if data else meta.at, meta.at),
            severity,
            effect=effect,
            where=(meta.name,),
        )


_WEIGHTS: dict[Outcome, tuple[Severity | None, Effect | None]] = {
    Outcome.NOT_KNOWN: (Severity.MEDIUM, Effect.ATTENTION),
    Outcome.DOES_NOT_START: (Severity.CRITICAL, Effect.NODE_DOWN),
    Outcome.PASSED_OVER: (Severity.MEDIUM, Effect.ATTENTION),
    Outcome.SUPERSEDED: (None, None),
    Outcome.DELETED: (None, None),
}


def _outcome(node: Node, snapshot: Snapshot) -> Outcome:
    if node.names_cut:
        return Outcome.NOT_KNOWN
    newest = node.newest_snapshot
    needed = newest is None or newest.name.order < snapshot.name.order
    if needed and loading_chain(node).starts_too_late:
        return Outcome.DOES_NOT_START
    if snapshot.data_file is None:
        return Outcome.DELETED
    return Outcome.PASSED_OVER if needed else Outcome.SUPERSEDED
