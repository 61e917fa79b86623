"""CTL001: init.yaml beside the state of an old node: the start is refused."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.roles import FileRole
from forensics.parsers.control import NEW_NODE_FILES
from forensics.rules.api import Effect, Finding, Severity, rule


@rule(
    "CTL001",
    "init.yaml beside the state of an old node: the start is refused",
    Severity.HIGH,
    scope=Node,
    effect=Effect.NODE_DOWN,
    fires_on=("control/init-with-state",),
    silent_on=("healthy/trimmed-111",),
)
def init_with_state(node: Node) -> Iterator[Finding]:
    """## What it checks
    init.yaml together with any other name than cluster.crt, cluster.key, failure-domain and tuning.yaml: folders,
    sockets of an earlier run and leftovers count too.
    ## Why it matters
    k8s-dqlite takes init.yaml for the order to set up a new node, and refuses it where files of an old one are
    (`data directory seems to have existing state '…'`). It never gets further until one of the two is gone.
    ## False alarm if
    Never.
    ## What to do
    If the node was meant to be new: move the old files away together, and keep them. If not: remove init.yaml, and
    the node starts as it was.
    ## References
    canonical/k8s-dqlite pkg/server/server.go; FACTS 7.2
    """
    start = next(iter(node.state.of_role(FileRole.INIT)), None)
    if start is None:
        return
    others = [file for name, file in sorted(node.state.files.items()) if name not in NEW_NODE_FILES]
    if others:
        names = ", ".join(file.name for file in others[:3])
        yield Finding(f"init.yaml stands beside {names}: k8s-dqlite refuses to start", (start.at, others[0].at))
