"""CTL020: an init.yaml that waits: the next start sets up a new node."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.roles import FileRole
from forensics.parsers.control import NEW_NODE_FILES, StartFile, parse_start_file
from forensics.rules.api import Effect, Finding, Severity, rule


@rule(
    "CTL020",
    "init.yaml waits: the next start sets up a new node",
    Severity.LOW,
    scope=Node,
    effect=Effect.ATTENTION,
    fires_on=("control/init-waits",),
    silent_on=("control/init-with-state", "healthy/trimmed-111"),
)
def init_waits(node: Node) -> Iterator[Finding]:
    """## What it checks
    An init.yaml in a directory that holds nothing else but certificates, failure-domain and tuning.yaml.
    ## Why it matters
    k8s-dqlite has not been started here since the directory was made anew: by `microk8s join` or `leave`, or by hand.
    Its next start founds a database of its own, or joins the members that are named. It removes init.yaml before it
    does either: if that start fails, the next one no longer knows what the node was to become.
    ## False alarm if
    Between the two steps of a join.
    ## What to do
    If the node was meant to keep its data, do not start it: look for the old directory (`backend.backup` of MicroK8s).
    Keep a copy of init.yaml before the start.
    ## References
    canonical/k8s-dqlite pkg/server/server.go; canonical/microk8s scripts/wrappers/join.py, leave.py; FACTS 7.2
    """
    start = next(iter(node.state.of_role(FileRole.INIT)), None)
    if start is None or any(name not in NEW_NODE_FILES for name in node.state.files):
        return
    parsed = parse_start_file(start.blob).value if start.blob else None
    yield Finding(f"init.yaml waits: {_order(parsed)}", (start.at,))


def _order(start: StartFile | None) -> str:
    if start is None:
        return "the next start makes a new node"
    where = f" at {start.address}" if start.address else ""
    if start.cluster:
        return f"the next start joins {', '.join(start.cluster[:3])} as a new node{where}"
    return f"the next start founds a database of its own{where}"
