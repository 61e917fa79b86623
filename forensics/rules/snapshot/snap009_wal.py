"""SNAP009: a snapshot that carries a WAL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, listed


@dataclass(frozen=True, slots=True)
class WalInside:
    """The newest snapshot, by the name of its data file, and the databases that come with a WAL."""

    kind: ClassVar[str] = "wal-inside"
    snapshot: str
    databases: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        told = f"{self.snapshot} holds the WAL of {listed(self.databases)}"
        return Words(told, ("dqlite 1.16 or older wrote it; 1.18.3 and 1.18.4 abort when they load it.",))


@rule(
    "SNAP009",
    "snapshot with a WAL inside",
    Severity.INFO,
    fault=FaultKind.PERFORMANCE,
    scope=Node,
    needs=(Needs.SNAPSHOTS,),
    effect=Effect.NONE,
    fires_on=("healthy/lagging-111",),
    silent_on=("healthy/lagging-118",),
)
def wal(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether the newest snapshot's databases come with a WAL.
    ## Why it matters
    dqlite up to 1.16 wrote snapshots so. Every version reads them but two: 1.18.3 and 1.18.4 abort at start. That is
    worth knowing before an upgrade.
    ## False alarm if
    It is never a fault.
    ## What to do
    Upgrade to 1.18.5 or later, not to 1.18.3 or 1.18.4; or let 1.17 take a new snapshot on the way.
    ## References
    canonical/dqlite src/fsm.c; docs/reference/snapshots.md#write-ahead-log;
    docs/reference/start.md#differences-between-versions
    """
    snapshot = node.newest_snapshot
    data = snapshot.data.value if snapshot and snapshot.data else None
    names = tuple(image.name for image in data.databases if image.wal_size) if data else ()
    if snapshot and snapshot.data_file and names:
        yield Finding(WalInside(snapshot.title, names), (snapshot.data_file.at,))
