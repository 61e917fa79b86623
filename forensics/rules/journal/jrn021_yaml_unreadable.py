"""JRN021: info.yaml or cluster.yaml is empty, malformed or missing."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "yaml-unreadable": (
            "{file} is empty, malformed or missing",
            "cluster.yaml or info.yaml is empty, malformed or missing",
        ),
        "daemon-yaml-unreadable": "daemon.yaml is empty, malformed or missing",
        "yaml-inconsistent": "only one of info.yaml and cluster.yaml is there",
    },
    ended_by=A_START,
)


@log_rule(
    "JRN021",
    "info.yaml or cluster.yaml is empty, malformed or missing",
    Severity.HIGH,
    fault=FaultKind.IDENTITY_FILES,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/yaml-unreadable",),
)
def yaml_unreadable(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    go-dqlite's `inconsistent info.yaml and cluster.yaml`, `open cluster.yaml node store`, `unmarshall info.yaml`,
    `no cluster addresses provided`; microcluster's `Failed to load daemon.yaml`.
    ## Why it matters
    Both files are needed, and both must be YAML. go-dqlite before 1.11 wrote them in place: a stop or a full disk
    at that moment left them empty or half written.
    ## What to do
    The database is not touched by this. Keep the broken file, and restore it: cluster.yaml from a healthy member or
    from the newest raft configuration (id, address, role 0 for voters), info.yaml from this node's id and address.
    ## References
    https://github.com/canonical/go-dqlite/issues/145; https://github.com/canonical/microk8s/issues/2730;
    docs/reference/go-dqlite.md#files
    """
    return findings_of(case, CAUSE)
