"""CTL021: a join file without info.yaml: the node takes itself for the founder, and stops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import FileRole
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class JoinWithoutInfo:
    """A join file, and no file that says whom to join."""

    kind: ClassVar[str] = "join-without-info"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "there is a join file but no info.yaml, so the node does not start",
            ("The next start takes this node for the founder of a cluster, and a founder does not join.",),
        )


@rule(
    "CTL021",
    "join file without info.yaml",
    Severity.HIGH,
    fault=FaultKind.CONTROL_FILES,
    scope=Node,
    needs=(Needs.NAMES,),
    products=("k8s-dqlite", "microk8s", "unknown"),
    effect=Effect.NODE_DOWN,
    fires_on=("control/join-without-info",),
    silent_on=("healthy/trimmed-111",),
)
def join_without_info(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether there is a `join` file where all names are known, and info.yaml, cluster.yaml and init.yaml are all absent.
    ## Why it matters
    This is what a failed first start of a joining node leaves: go-dqlite removes info.yaml and cluster.yaml again, and
    init.yaml was removed before. The next start finds no members to join, takes the node for the founder, sees the join
    file, and ends with `bootstrap node can't join a cluster`, at every start.
    ## False alarm if
    The copy left the YAML files out.
    ## What to do
    Find out in the journal why the first start failed, and on another member whether this node was added; if so, remove
    it there. Then move this directory away, nothing in it is needed, and let the node join again.
    ## References
    canonical/go-dqlite app/app.go; canonical/k8s-dqlite pkg/server/server.go;
    docs/reference/go-dqlite.md#what-the-files-mean; docs/reference/k8s-dqlite.md#control-files
    """
    flag = node.state.files.get("join")
    if flag is None or {"info.yaml", "cluster.yaml"} & node.state.files.keys() or node.state.of_role(FileRole.INIT):
        return
    yield Finding(JoinWithoutInfo(), (flag.at,))
