"""KIN006: histories of keys that do not connect."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.of_cluster import kine_of
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule


@rule(
    "KIN006",
    "histories of keys that do not connect",
    Severity.LOW,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def chain_broken(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Behind the compact revision each row of a key names the row before it, and none creates what exists.
    ## Why it matters
    A row whose predecessor is missing says that a write was lost, or that two histories were merged: after a split
    brain, a recovery from the wrong node, or a log whose entries moved.
    ## False alarm if
    Scripts that write into the table like kine, but not quite. A table that kine never wrote is not checked.
    ## What to do
    `history KEY` on each node, side by side; `analyze` with all nodes' directories tells whether their logs part.
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured; FACTS 7.4, 7.5
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    if kine.foreign:
        yield NotChecked("every row of the table claims to create its key: something else than kine wrote it")
        return
    if kine.chain.count:
        yield Finding(f"{kine.chain.count} rows do not continue their key, first {kine.chain.samples[0]}", database.at)
