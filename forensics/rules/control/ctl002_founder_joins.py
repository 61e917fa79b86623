"""CTL002: a node with the founder's id shall join a cluster."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.roles import FileRole
from forensics.parsers.control import parse_start_file
from forensics.rules.api import Effect, Finding, Severity, rule

BOOTSTRAP_ID = 3297041220608546238


@rule(
    "CTL002",
    "a node with the founder's id shall join a cluster",
    Severity.HIGH,
    scope=Node,
    effect=Effect.NODE_DOWN,
    fires_on=("control/founder-joins",),
    silent_on=("healthy/trimmed-111",),
)
def founder_joins(node: Node) -> Iterator[Finding]:
    """## What it checks
    info.yaml with the bootstrap id together with a `join` file, or with an init.yaml that names members to join.
    ## Why it matters
    Both say different things of what this node is; go-dqlite stops with `bootstrap node can't join a cluster`, at
    every start.
    ## False alarm if
    Never.
    ## What to do
    If this node founded its own cluster by mistake: move its state away and join again. If it is the founder:
    remove the join file or init.yaml.
    ## References
    canonical/go-dqlite app/app.go; https://github.com/canonical/microk8s/issues/4713; FACTS 6.3
    """
    if node.id != BOOTSTRAP_ID or node.info is None or node.info.value is None:
        return
    flag = node.state.files.get("join")
    if flag is not None:
        message = "the bootstrap id in info.yaml, and a join file: the node does not start"
        yield Finding(message, (node.info.value.at, flag.at))
    start = next(iter(node.state.of_role(FileRole.INIT)), None)
    parsed = parse_start_file(start.blob).value if start and start.blob else None
    if parsed and parsed.cluster:
        message = f"the bootstrap id in info.yaml, and an init.yaml that joins {', '.join(parsed.cluster[:3])}"
        yield Finding(message, (node.info.value.at, parsed.at))
