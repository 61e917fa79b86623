"""CTL005: a control file that the next start cannot read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from forensics.evidence import Blob, Parsed
from forensics.facts.node.node import Node
from forensics.ingest.roles import FileRole
from forensics.parsers.control import parse_failure_domain, parse_start_file, parse_tuning
from forensics.rules.api import Effect, Finding, Severity, rule

_READERS: dict[FileRole, Callable[[Blob], Parsed[Any]]] = {
    FileRole.INIT: parse_start_file,
    FileRole.UPDATE: parse_start_file,
    FileRole.FAILURE_DOMAIN: parse_failure_domain,
    FileRole.TUNING: parse_tuning,
}


@rule(
    "CTL005",
    "a control file that the next start cannot read",
    Severity.HIGH,
    scope=Node,
    effect=Effect.NODE_DOWN,
    fires_on=("control/no-address", "control/lower-case-address", "control/tuning-type"),
    silent_on=("healthy/trimmed-111", "control/empty-files"),
)
def start_file_unusable(node: Node) -> Iterator[Finding]:
    """## What it checks
    init.yaml and update.yaml without an `Address` (case matters), a failure-domain that
    is no number; a tuning.yaml with a value of another type than wanted; any of them that is no YAML.
    ## Why it matters
    k8s-dqlite stops at them: `empty address in init.yaml`, `failed to parse failure-domain from file`, `failed to read
    tuning.yaml`. An empty failure-domain or tuning.yaml counts as none.
    ## False alarm if
    k8s-dqlite before 1.2 took `address` for `Address`.
    ## What to do
    Correct or remove the file.
    ## References
    canonical/k8s-dqlite pkg/server/server.go; FACTS 7.2
    """
    for role, parse in _READERS.items():
        for file in node.state.of_role(role):
            if file.blob is None:
                if file.size_max == 0 and role in (FileRole.INIT, FileRole.UPDATE):
                    yield Finding(f"{file.name} has zero bytes", (file.at,))
                continue
            for anomaly in () if file.cut else parse(file.blob).anomalies:
                yield Finding(f"{file.name}: {anomaly.detail}", (anomaly.at,))
