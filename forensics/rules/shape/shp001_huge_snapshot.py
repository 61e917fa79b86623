"""SHP001: a very large database, by the size of its snapshot."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.file_statistics import largest_snapshot, snapshot_interval
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule

_LARGE_BYTES = 128 * 2**20
_LIMIT_BYTES = 2**30  # 262144 pages of 4096 bytes
_OFTEN_SECONDS = 300.0


@rule(
    "SHP001",
    "a very large database, by the size of its snapshot",
    Severity.LOW,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    effect=Effect.ATTENTION,
    fires_on=("shape/huge-snapshot",),
    silent_on=("healthy/trimmed-111",),
)
def huge_snapshot(node: Node) -> Iterator[Finding]:
    """## What it checks
    The size of the largest snapshot's data file, and how often snapshots are taken. Told by names, sizes and times.
    ## Why it matters
    Every snapshot writes the whole database while the node is busy with little else: large and frequent ones are
    disk load, pauses, missed leases. Versions before the middle of 2021 crash when a database passes 262144 pages
    (1 GiB). The file may be compressed: the database is then larger still.
    ## False alarm if
    A large database may be what the workload needs; many objects are not a fault.
    ## What to do
    Find what fills it: with the snapshot's content at hand, this report shows size by prefix. dqlite never vacuums
    by itself. On k8s-dqlite, raise the snapshot threshold in tuning.yaml only if the interval is the problem.
    ## References
    https://github.com/canonical/dqlite/issues/292; https://github.com/canonical/microk8s/issues/3064; FACTS 3.1
    """
    found = largest_snapshot(node)
    if found is None or found[1].size_min < _LARGE_BYTES:
        return
    snapshot, file = found
    interval = snapshot_interval(node)
    often = interval is not None and interval < _OFTEN_SECONDS
    words = f"{snapshot.title} is {file.size_min / 2**20:.0f} MiB"
    if often and interval is not None:
        words += f", and one is taken every {interval:.0f} seconds: the snapshots are the load on the disk"
    if file.size_min >= _LIMIT_BYTES:
        message = f"{words}: the database is beyond the 262144 pages (1 GiB) at which old dqlite versions crash"
        yield Finding(message, (file.at,), Severity.HIGH, effect=Effect.DEGRADED)
    else:
        message = f"{words}: a large database" if not often else words
        yield Finding(message, (file.at,), Severity.MEDIUM if often else None, effect=Effect.ATTENTION)
