"""CTL003: update.yaml waits: the next start forces the membership to this node alone."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.roles import FileRole
from forensics.parsers.control import parse_start_file
from forensics.rules.api import Effect, Finding, Severity, rule


@rule(
    "CTL003",
    "update.yaml waits: the next start forces the membership to this node alone",
    Severity.HIGH,
    scope=Node,
    effect=Effect.ATTENTION,
    fires_on=("control/pending-update",),
    silent_on=("healthy/trimmed-111",),
)
def pending_update(node: Node) -> Iterator[Finding]:
    """## What it checks
    An update.yaml in the directory. With an init.yaml beside it the product does not look at it: CTL001 tells of that.
    ## Why it matters
    k8s-dqlite executes it at the next start: the raft configuration is rewritten to this node alone, at the new
    address, and the file removed. On a member of a running cluster this splits it: the others know nothing of it.
    ## False alarm if
    On a single node whose address changes it is what is wanted.
    ## What to do
    Make sure that this is meant, on this node only, with the others stopped. Else remove it before the next start.
    ## References
    canonical/k8s-dqlite pkg/server/server.go; FACTS 4.4, 7.2
    """
    start = next(iter(node.state.of_role(FileRole.UPDATE)), None)
    if start is None or node.state.of_role(FileRole.INIT):
        return
    parsed = parse_start_file(start.blob).value if start.blob else None
    where = f" at {parsed.address}" if parsed and parsed.address else ""
    members = len(node.cluster.value.members) if node.cluster and node.cluster.value else 0
    severity = None if members > 1 else Severity.LOW
    yield Finding(f"update.yaml makes this node the only member{where} at its next start", (start.at,), severity)
