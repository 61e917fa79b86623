"""CLU030: a directory that was copied while its node wrote, and so is of no one moment."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "CLU030",
    "copied while it wrote: of no one moment",
    Severity.LOW,
    scope=Cluster,
    needs=(Needs.SEGMENTS, Needs.SEVERAL_NODES),
    effect=Effect.NONE,
    fires_on=("healthy/copied-under-load",),
    silent_on=("healthy/running-111", "healthy/killed-111"),
)
def copied_while_writing(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    A running node keeps two unused open segments behind the one that it fills. Where fewer are among the names, and
    another node's log has other entries of the same term from the begin of such an open segment on.
    ## Why it matters
    Nothing is wrong with the node: it took a further segment into use while its directory was being copied. But the
    copy lacks entries before that segment. dqlite, started on the copy, would give their indexes to the entries behind,
    and nothing would notice. What these segments hold is therefore not judged.
    ## False alarm if
    A node that was killed just as it changed segments, and whose disk then lost the end of the segment before, leaves
    the same files.
    ## What to do
    Copy the directory again, best with the node stopped. Never start a node on this copy, and recover from no such one.
    ## References
    FACTS 1.5 (life cycle), 2.6 (index shift)
    """
    for torn in cluster.torn:
        names = " and ".join(torn.segments)
        unused = f"{torn.unused} unused open segment{'' if torn.unused == 1 else 's'}"
        message = (
            f"{torn.node} was copied while it wrote, and not in one moment: {unused} instead of two behind {names}, "
            f"and entries of before are missing. Up to {torn.index - 1} its log is whole; copy it again for the rest"
        )
        yield Finding(message, (torn.at,), nodes=(torn.node,))
