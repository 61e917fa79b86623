"""CLU001: two histories of one cluster, both committed."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_matching import Kind, Side
from forensics.facts.log.entry_range import entry_at, holds
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "CLU001",
    "two committed histories",
    Severity.CRITICAL,
    scope=Cluster,
    needs=(Needs.SEGMENTS, Needs.SEVERAL_NODES),
    effect=Effect.BROKEN,
    fires_on=("cluster/split-brain",),
    silent_on=("cluster/old-leader", "healthy/running-111"),
)
def two_histories(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Where logs part, on how many sides the entries provably are committed: by a snapshot, by a majority of the voters in
    the term that they last saw, or by a sole voter that stored them.
    ## Why it matters
    Raft has one history. Two committed ones are two databases under one name: clients of each were told that their
    writes are safe, and whichever is kept, the other's are gone. Joined again, nodes of one side meet entries that
    contradict what they have applied, and shut down or serve different data.
    ## False alarm if
    A side counts as committed when its only voter stored it. A node that was recovered alone, and whose clients never
    reached it, lost nothing that anybody was told of.
    ## What to do
    Start none of them. Keep every directory. Decide by content which history stays (`plan` ranks them; `diff` and
    `sql` show what each wrote); export what only the other has, and put it back by the application's own means.
    ## References
    FACTS 4.1, 4.2, 4.4; canonical/lxd#13524 (recovery run on more than one member); juju/juju#22988
    """
    for divergence, sides in cluster.histories():
        if divergence.kind is Kind.FORK:
            continue  # CLU003 tells of it
        held = "; ".join(f"{', '.join(side.nodes)}: {holds(cluster, side, divergence.index)}" for side in sides)
        forced = _forced(cluster, sides, divergence.index)
        yield Finding(
            f"from entry {divergence.index} on there are {len(sides)} committed histories{forced}: {held}",
            tuple(at for side in sides if (at := entry_at(cluster.node(side.nodes[0]), divergence.index))),
            nodes=tuple(name for side in sides for name in side.nodes),
        )


def _forced(cluster: Cluster, sides: list[Side], index: int) -> str:
    """On whom a configuration was forced where the histories part."""
    nodes = {name for event in cluster.membership if event.forced and event.index == index for name in event.nodes}
    names = [", ".join(side.nodes) for side in sides if nodes & set(side.nodes)]
    if len(names) == len(sides):
        return ", each behind a configuration that was forced on it"
    return f", that of {' and '.join(names)} behind a configuration that was forced on it" if names else ""
