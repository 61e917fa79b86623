"""CTL005: a control file that the next start cannot read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from forensics.evidence import Blob, Parsed
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import FileRole
from forensics.parsers.control import parse_failure_domain, parse_start_file, parse_tuning
from forensics.rules.api import Effect, Finding, Severity, rule
from forensics.rules.unusable_file import unusable

_READERS: dict[FileRole, Callable[[Blob], Parsed[Any]]] = {
    FileRole.INIT: parse_start_file,
    FileRole.UPDATE: parse_start_file,
    FileRole.FAILURE_DOMAIN: parse_failure_domain,
    FileRole.TUNING: parse_tuning,
}
_MAY_BE_EMPTY = (FileRole.FAILURE_DOMAIN, FileRole.TUNING)


@rule(
    "CTL005",
    "control file that the next start cannot read",
    Severity.HIGH,
    fault=FaultKind.CONTROL_FILES,
    scope=Node,
    effect=Effect.NODE_DOWN,
    fires_on=("control/no-address", "control/lower-case-address", "control/tuning-type"),
    silent_on=("healthy/trimmed-111", "control/empty-files"),
)
def start_file_unusable(node: Node) -> Iterator[Finding]:
    """## What it checks
    init.yaml and update.yaml have an `Address` (written like this, with a capital letter); failure-domain is a number;
    the values in tuning.yaml have the right types; and all four are valid YAML.
    ## Why it matters
    k8s-dqlite stops at such a file: `empty address in init.yaml`, `failed to parse failure-domain from file`, `failed
    to read tuning.yaml`. An empty failure-domain or tuning.yaml counts as none.
    ## False alarm if
    k8s-dqlite is older than 1.2: it also accepted `address`.
    ## What to do
    Correct the file, or remove it.
    ## References
    canonical/k8s-dqlite pkg/server/server.go; docs/reference/k8s-dqlite.md#control-files
    """
    for role, parse in _READERS.items():
        for file in node.state.of_role(role):
            if file.blob is not None:
                yield from unusable(file, parse(file.blob).anomalies, stops=node.is_stopped_by(file.name))
            elif role not in _MAY_BE_EMPTY:
                yield from unusable(file, (), stops=node.is_stopped_by(file.name))
