"""SHP002: the state directory takes far more space than its log needs."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.file_statistics import pace_of, size_on_disk
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule

_LARGE_BYTES = 2**30


@rule(
    "SHP002",
    "the state directory takes far more space than its log needs",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    effect=Effect.ATTENTION,
    fires_on=("shape/large-directory",),
    silent_on=("healthy/trimmed-111",),
)
def large_directory(node: Node) -> Iterator[Finding]:
    """## What it checks
    The size of the whole directory, by the listing's `total` line, `du`, or the sum of its files, against that of
    its segments.
    ## Why it matters
    About 8192 entries of log stay on disk (some 200 MiB on a busy cluster), and two snapshots. Gigabytes beyond
    that are a database that has grown (bloat), or snapshots without .meta that old versions never removed (fixed by
    raft pull request 193).
    ## False alarm if
    Debugging dumps (db.bin) and copies that somebody left in the directory count too.
    ## What to do
    List the snapshots with their sizes. Data files without a .meta beside them are never read: they can go. If the
    newest pair itself is large, look at what fills the database.
    ## References
    https://github.com/canonical/microk8s/issues/3064; https://github.com/canonical/dqlite/issues/289
    """
    total, at = size_on_disk(node)
    log = sum(part.file.size_max for part in node.log.closed if part.file.sized)
    if total < _LARGE_BYTES or total < 4 * log:
        return
    pace = pace_of(node)
    rate = f"; the log grows by {pace.bytes_per_minute / 2**20:.0f} MiB a minute" if pace else ""
    cut = " that the listing shows" if node.names_cut else ""
    yield Finding(
        f"the directory takes {total / 2**30:.1f} GiB, its closed segments{cut} {log / 2**20:.0f} MiB: "
        f"the rest is a bloated database's snapshots, or orphans of them{rate}",
        (at,),
    )
