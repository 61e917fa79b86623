"""CTL005: a control file that the next start cannot read."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node import Node
from forensics.ingest.roles import FileRole
from forensics.parsers.control import parse_failure_domain, parse_start_file
from forensics.rules.api import Effect, Finding, Severity, rule


@rule(
    "CTL005",
    "a control file that the next start cannot read",
    Severity.HIGH,
    scope=Node,
    effect=Effect.NODE_DOWN,
    fires_on=("control/no-address",),
    silent_on=("healthy/trimmed-111",),
)
def start_file_unusable(node: Node) -> Iterator[Finding]:
    """## What it checks
    init.yaml and update.yaml without an address or that are no YAML; a failure-domain that is no number.
    ## Why it matters
    k8s-dqlite stops at them: `empty address in init.yaml`, `failed to parse failure-domain from file`.
    ## When it is wrong
    Never.
    ## What to do
    Correct or remove the file.
    ## References
    canonical/k8s-dqlite pkg/server/server.go; FACTS 7.2
    """
    for role in (FileRole.INIT, FileRole.UPDATE, FileRole.FAILURE_DOMAIN):
        for file in node.state.of_role(role):
            if file.blob is None:
                continue
            parse = parse_failure_domain if role is FileRole.FAILURE_DOMAIN else parse_start_file
            for anomaly in parse(file.blob).anomalies:
                yield Finding(f"{file.name}: {anomaly.detail}", (anomaly.at,))
