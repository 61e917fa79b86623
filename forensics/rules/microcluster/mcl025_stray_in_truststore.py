"""MCL025: a file in the truststore that every heartbeat stops at."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule

_FOLDER = "truststore/"


@rule(
    "MCL025",
    "stray file in the truststore: heartbeats stop at it",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.MICROCLUSTER,),
    effect=Effect.ATTENTION,
    fires_on=("microcluster/stray-in-truststore",),
    silent_on=("healthy/k8sd",),
)
def stray(node: Node) -> Iterator[Finding]:
    """## What it checks
    Names in the truststore folder that are no `NAME.yaml`: what the write of an entry left when it was interrupted
    (`.NAME.yaml123`), copies and folders made by hand.
    ## Why it matters
    With each heartbeat the daemon writes all entries anew and removes what belongs to no member, by what stands before
    `.yaml` in the name. For `.n1.yaml123` that is `.n1.yaml`, which does not exist: the removal fails, and with it the
    heartbeat. On the leader no heartbeat is sent any more, and roles and truststores stay as they are; elsewhere this
    node's truststore does. The database itself goes on.
    ## False alarm if
    In a copy of a running node, made in the moment of the write. A name that continues a member's (`n1.yaml.bak`) does
    no harm, and is not counted.
    ## What to do
    Move the file out of the folder. Nothing reads it.
    ## References
    canonical/microcluster internal/trust/remotes.go (Replace), internal/rest/resources/heartbeat.go; FACTS 8.1
    """
    if node.microcluster is None:
        return
    names = {name for name in node.state.around if name.startswith(_FOLDER)}
    known = {f"{_FOLDER}{entry.name}" for entry in node.microcluster.entries()}
    for name in sorted(names):
        stem = name.partition(".yaml")[0]
        if f"{stem}.yaml" not in names and stem not in known:
            message = f"{name} is no member's entry: the heartbeat fails when it wants to remove {stem}.yaml"
            yield Finding(message, (node.state.around[name].at,))
