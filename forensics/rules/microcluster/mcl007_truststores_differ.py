"""MCL007: members that trust different members."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule


@rule(
    "MCL007",
    "truststores differ between members",
    Severity.LOW,
    scope=Cluster,
    needs=(Needs.MICROCLUSTER, Needs.SEVERAL_NODES),
    fires_on=("microcluster/not-in-own-truststore",),
    silent_on=("healthy/k8sd",),
)
def truststores_differ(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Every member's truststore holds the same names with the same addresses and certificates.
    ## Why it matters
    Trust is mutual only where both sides hold the other: a member that is missing on one side cannot be reached from
    there.
    ## False alarm if
    For one heartbeat after a join or a removal, and where the copies were taken at different times.
    ## What to do
    Take the truststore of the leader as the reference, and compare it with `core_cluster_members`.
    ## References
    FACTS 8.1, 8.3 (relation 3)
    """
    stores = {}
    for node in cluster.nodes:
        entries = node.microcluster.entries() if node.microcluster else []
        if entries and node.microcluster and len(entries) == len(node.microcluster.truststore):
            stores[node.name] = entries
    if len(stores) < 2:
        yield NotChecked("fewer than two whole truststores are at hand")
        return
    first_name, first = next(iter(stores.items()))
    reference = {(e.name, e.address, e.certificate.fingerprint if e.certificate else None) for e in first}
    for name, entries in stores.items():
        held = {(e.name, e.address, e.certificate.fingerprint if e.certificate else None) for e in entries}
        different = sorted({str(item[0]) for item in held ^ reference})
        if different:
            evidence = tuple(entry.at for entry in (*first, *entries) if str(entry.name) in different)
            message = f"{first_name} and {name} hold different truststore entries for {', '.join(different)}"
            yield Finding(message, evidence, nodes=(first_name, name))
