"""SHP006: the layout of the first generation of dqlite, which nothing here can read."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Severity, rule


@rule(
    "SHP006",
    "the layout of the first generation of dqlite, which nothing here can read",
    Severity.MEDIUM,
    scope=Node,
    effect=Effect.ATTENTION,
    fires_on=("shape/old-layout", "leftover/lxd-logs-db"),
    silent_on=("healthy/trimmed-111",),
)
def old_layout(node: Node) -> Iterator[Finding]:
    """## What it checks
    logs.db and a `snapshots` folder: the layout of dqlite before 1.0, written in Go over hashicorp/raft.
    ## Why it matters
    LXD before 3.15 kept its database so. It is an unsupported old layout, not an empty database; db.bin beside it
    is a dump that is rebuilt at every start, so editing it has no effect.
    ## False alarm if
    Beside segments of today's format these are leftovers of the migration: then it is told as info. But LXD itself
    refuses to start while logs.db is there, whatever lies beside it.
    ## What to do
    Migrate step by step: LXD 3.15 to 4.0 reads this layout and converts it, later versions refuse it.
    ## References
    https://github.com/canonical/lxd/issues/6036; https://github.com/canonical/lxd/issues/5469; canonical/lxd
    lxd/cluster/gateway.go (init); FACTS 9.1
    """
    log, folder = node.state.files.get("logs.db"), node.state.files.get("snapshots")
    if log is None:
        return
    spans = (log.at, folder.at) if folder else (log.at,)
    if node.state.product.database == "lxd" and (node.log.closed or node.log.open or node.snapshots):
        told = "`Unsupported upgrade path, please first upgrade to LXD 4.0`"
        message = f"logs.db beside segments: LXD after 4.0 stops with {told}"
        yield Finding(message, spans, Severity.HIGH, effect=Effect.NODE_DOWN)
    elif node.log.closed or node.log.open or node.snapshots:
        message = "logs.db is left from the migration of the first generation of dqlite"
        yield Finding(message, spans, Severity.INFO, effect=Effect.NONE)
    else:
        yield Finding(
            "logs.db and snapshots/: the old layout before dqlite 1.0 (hashicorp raft), unsupported; needs migration",
            spans,
        )
