"""SNAP001: a snapshot's data without its `.meta`."""

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


class Cost(Enum):
    """What is lost with the data file."""

    NOTHING = "nothing"  # a newer snapshot is complete
    NEWEST = "newest-snapshot"  # none is newer, but the log goes on without it
    START = "start"  # without it the log begins too late


@dataclass(frozen=True, slots=True)
class NoMeta:
    """A snapshot's data file that the next start deletes, for it has no `.meta`.

    Attributes:
        file: name of the data file.
        cost: what is lost with it.
    """

    kind: ClassVar[str] = "no-meta"
    file: str
    cost: Cost

    def words(self, _: Severity) -> Words:
        """See Problem."""
        details = ("The next start deletes it.", _MEANING[self.cost])
        return Words(f"{self.file} has no .meta file", details, _STEPS.get(self.cost))


_MEANING = {
    Cost.NOTHING: "A newer snapshot is complete, so this one is not needed.",
    Cost.NEWEST: "No complete snapshot is newer.",
    Cost.START: "Without it the log begins too late, so the node does not start.",
}
_STEPS = {
    Cost.START: (
        "Save the data file before anything is started: it holds the whole database. Look for its .meta file in "
        "backups, and on the host. Its configuration can also be had from another node."
    ),
}


@rule(
    "SNAP001",
    "snapshot without its .meta",
    Severity.HIGH,
    fault=FaultKind.SNAPSHOT_DAMAGED,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("snapshot/newest-without-meta", "snapshot/older-without-meta"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def no_meta(node: Node) -> Iterator[Finding]:
    """## What it checks
    Every snapshot has both files. File names are enough for this.
    ## Why it matters
    The next start deletes a data file without a `.meta`. If it is the newest, that snapshot is lost: an older one takes
    its place, and the node starts only if the log reaches back to that one.
    ## False alarm if
    The snapshot is an older one: a crash while raft removes it leaves just its data. That is shown as info.
    ## What to do
    Save the data file before anything is started: it holds the whole database. Look for the `.meta` in backups, and on
    the host. Its configuration can also be had from another node.
    ## References
    canonical/dqlite src/raft/uv_snapshot.c; docs/reference/start.md#failures-before-loading;
    docs/reference/healthy.md#taking-a-snapshot
    """
    for snapshot in node.snapshots:
        if snapshot.data_file is None or snapshot.meta_file is not None:
            continue
        cost = _cost(node, snapshot)
        severity, effect = _WEIGHTS[cost]
        file = snapshot.data_file
        yield Finding(NoMeta(file.name, cost), (file.at,), severity, effect=effect, where=(file.name,))


_WEIGHTS: dict[Cost, tuple[Severity | None, Effect | None]] = {
    Cost.NOTHING: (Severity.INFO, Effect.NONE),
    Cost.NEWEST: (None, None),
    Cost.START: (Severity.CRITICAL, Effect.NODE_DOWN),
}


def _cost(node: Node, snapshot: Snapshot) -> Cost:
    newest = node.newest_snapshot
    if newest is not None and newest.name.order > snapshot.name.order:
        return Cost.NOTHING
    return Cost.START if loading_chain(node).starts_too_late else Cost.NEWEST
