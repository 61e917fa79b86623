"""JRN010: the disk is full, or nearly full."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "disk-full": "the disk was full, or nearly full",
        **kinds(Kind.DISK_FULL),
    },
    ended_by=A_START,
)


@log_rule(
    "JRN010",
    "the disk is full, or nearly full",
    Severity.HIGH,
    fault=FaultKind.DISK_FULL,
    effect=Effect.DEGRADED,
    fires_on=("journal/disk-full",),
)
def disk_full(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `no space left on device`, quotas, raft's `not enough space to allocate`, k8s-dqlite's own warning about free
    space.
    ## Why it matters
    dqlite reserves 8 MiB for each segment, and writes snapshots beside the old ones. A full disk cuts what is
    written: from then on there are short segments, empty YAML files, empty certificates and empty truststore
    entries.
    ## What to do
    Free space first, but not in the state directory. Then look for files of zero bytes from that time:
    cluster.yaml, info.yaml, truststore/*.yaml, certificates. In a cluster, let the node take its state from a
    healthy member. A node that is alone loses at worst its last segment.
    ## References
    https://github.com/canonical/dqlite/issues/283; https://github.com/canonical/dqlite/issues/309
    """
    return findings_of(case, CAUSE)
