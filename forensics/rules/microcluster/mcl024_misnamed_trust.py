"""MCL024: a truststore file whose name is not that of the member in it."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "MCL024",
    "truststore file named otherwise than the member in it",
    Severity.LOW,
    scope=Node,
    needs=(Needs.MICROCLUSTER,),
    effect=Effect.ATTENTION,
    fires_on=("microcluster/misnamed-trust",),
    silent_on=("healthy/k8sd",),
)
def misnamed(node: Node) -> Iterator[Finding]:
    """## What it checks
    Each file of the truststore is called `NAME.yaml`, after the `name` in it.
    ## Why it matters
    The daemon trusts by the name in the file, and writes and removes by the name of the file: the next heartbeat
    removes one that is called otherwise. It was put there, renamed or copied by hand; until then it counts, and of two
    files with one name in them the last one does.
    ## False alarm if
    Never: the daemon names them itself.
    ## What to do
    Compare with `core_cluster_members`. If the entry is right, give the file its name.
    ## References
    canonical/microcluster internal/trust/remotes.go (Load, Replace); FACTS 8.3 (relation 9)
    """
    for trust in node.microcluster.truststore if node.microcluster else []:
        name = trust.entry.name if trust.entry else None
        if name and trust.file.name.rpartition("/")[2] != f"{name}.yaml" and trust.entry is not None:
            yield Finding(f"{trust.file.name} is the entry of {name}", (trust.entry.at,))
