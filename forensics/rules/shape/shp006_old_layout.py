"""SHP006: the layout of the first generation of dqlite, which nothing here can read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class OldLayout:
    """The old layout alone."""

    kind: ClassVar[str] = "old-layout"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "logs.db is the database as it was before dqlite 1.0, and nothing here can read it",
            ("That generation of dqlite used hashicorp/raft. The database must be migrated.",),
        )


@dataclass(frozen=True, slots=True)
class StopsLxd:
    """The old log beside today's, in LXD."""

    kind: ClassVar[str] = "stops-lxd"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "logs.db from before dqlite 1.0 stops LXD after 4.0",
            (
                "It lies beside segments of today's format.",
                "LXD ends with `Unsupported upgrade path, please first upgrade to LXD 4.0`.",
            ),
            "Find out whether the migration was completed. If it was, move logs.db and snapshots/ away; otherwise "
            "migrate with LXD 3.15 to 4.0.",
        )


@dataclass(frozen=True, slots=True)
class LeftFromMigration:
    """The old log beside today's."""

    kind: ClassVar[str] = "left-from-migration"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words("logs.db is left from the migration to dqlite 1.0", steps="")


@rule(
    "SHP006",
    "layout from before dqlite 1.0, which nothing here can read",
    Severity.MEDIUM,
    fault=FaultKind.VERSION,
    scope=Node,
    effect=Effect.ATTENTION,
    fires_on=("shape/old-layout", "leftover/lxd-logs-db"),
    silent_on=("healthy/trimmed-111",),
)
def old_layout(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether there is a logs.db, with a folder `snapshots`: the layout of dqlite before 1.0, which was written in Go over
    hashicorp/raft.
    ## Why it matters
    LXD before 3.15 kept its database like this. It is an old layout that is no longer supported, not an empty database.
    db.bin beside it is a dump that every start makes anew, so editing it has no effect. LXD after 4.0 refuses to start
    while logs.db is there, whatever lies beside it; that is the more serious case.
    ## False alarm if
    There are segments of today's format too: then logs.db is left from the migration, and outside LXD it does no harm.
    ## What to do
    Migrate step by step: LXD 3.15 to 4.0 reads this layout and converts it, later versions refuse it.
    ## References
    https://github.com/canonical/lxd/issues/6036; https://github.com/canonical/lxd/issues/5469; canonical/lxd
    lxd/cluster/gateway.go (init); docs/reference/products.md#lxd
    """
    log, folder = node.state.files.get("logs.db"), node.state.files.get("snapshots")
    if log is None:
        return
    spans = (log.at, folder.at) if folder else (log.at,)
    if not (node.log.closed or node.log.open or node.snapshots):
        yield Finding(OldLayout(), spans)
    elif node.state.product.database == "lxd":
        yield Finding(StopsLxd(), spans, Severity.HIGH, effect=Effect.NODE_DOWN)
    else:
        yield Finding(LeftFromMigration(), spans, Severity.INFO, effect=Effect.NONE)
