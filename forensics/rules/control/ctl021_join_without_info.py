"""CTL021: a join file without info.yaml: the node takes itself for the founder, and stops."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.roles import FileRole
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "CTL021",
    "join file without info.yaml: the start stops",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.NAMES,),
    products=("k8s-dqlite", "microk8s", "unknown"),
    effect=Effect.NODE_DOWN,
    fires_on=("control/join-without-info",),
    silent_on=("healthy/trimmed-111",),
)
def join_without_info(node: Node) -> Iterator[Finding]:
    """## What it checks
    A `join` file where all names are known, and neither info.yaml, cluster.yaml nor init.yaml is among them.
    ## Why it matters
    It is what the failed first start of a joining node leaves: go-dqlite removes info.yaml and cluster.yaml again,
    init.yaml was gone before. The next start finds no members to join, takes itself for the founder, sees the join
    file, and ends with `bootstrap node can't join a cluster`, at every start.
    ## False alarm if
    Where a copy left the YAML files out.
    ## What to do
    Nothing here is needed: move the directory away, and let the node join again. First look in the journal why the
    first start failed, and on a member whether the node was added already: then remove it there.
    ## References
    canonical/go-dqlite app/app.go; canonical/k8s-dqlite pkg/server/server.go; FACTS 6.3, 7.2
    """
    flag = node.state.files.get("join")
    if flag is None or {"info.yaml", "cluster.yaml"} & node.state.files.keys() or node.state.of_role(FileRole.INIT):
        return
    yield Finding("a join file and no info.yaml: the next start takes this node for the founder and stops", (flag.at,))
