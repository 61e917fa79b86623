"""ID004: lower-case keys in info.yaml or cluster.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "ID004",
    "YAML keys that go-dqlite does not read",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.INFO,),
    fires_on=("identity/lower-case-info", "identity/lower-case-cluster"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def key_case(node: Node) -> Iterator[Finding]:
    """## What it checks
    The keys are `ID`, `Address` and `Role`, capitalised so.
    ## Why it matters
    go-dqlite from 1.11.8 on reads them case-sensitively and takes what it does not find for 0 and empty: the node is
    nobody (ID 0), or knows no address. Lower-case keys come from recovery.yaml and raft_nodes.yaml, whose format looks
    alike, or from hand-made files.
    ## False alarm if
    go-dqlite up to 1.11.7 reads them all the same.
    ## What to do
    On a copy, write the keys as they should be.
    ## References
    canonical/go-dqlite client/store.go; FACTS 6.2
    """
    for name, parsed in (("info.yaml", node.info), ("cluster.yaml", node.cluster)):
        faults = [anomaly for anomaly in (parsed.anomalies if parsed else ()) if anomaly.code == "member-key-case"]
        if faults:
            severity = Severity.CRITICAL if name == "info.yaml" else None
            yield Finding(f"{name}: {faults[0].detail}", tuple(anomaly.at for anomaly in faults), severity)
