"""ID005: a key that stands twice in one mapping."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "ID005",
    "YAML key that stands twice",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.INFO,),
    fires_on=("identity/duplicate-key",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def duplicate_key(node: Node) -> Iterator[Finding]:
    """## What it checks
    No mapping of info.yaml or cluster.yaml has a key twice.
    ## Why it matters
    YAML forbids it, and readers differ: most keep the last value without a word, some refuse. The file does not mean
    one thing. No writer of dqlite makes this; somebody edited it.
    ## False alarm if
    Never.
    ## What to do
    Find out which value is right: the raft configuration says.
    ## References
    FACTS 6.2
    """
    for name, parsed in (("info.yaml", node.info), ("cluster.yaml", node.cluster)):
        for anomaly in parsed.anomalies if parsed else ():
            if anomaly.code == "yaml-duplicate-key":
                yield Finding(f"{name}: {anomaly.detail}", (anomaly.at,))
