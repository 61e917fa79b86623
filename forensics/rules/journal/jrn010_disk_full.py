"""JRN010: the disk is full, or nearly."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("disk-full",)


@rule(
    "JRN010",
    "the disk is full, or nearly",
    Severity.HIGH,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("journal/disk-full",),
    silent_on=("journal/everyday",),
)
def disk_full(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `no space left on device`, quota, raft's `not enough space to allocate`, k8s-dqlite's own watch on free space.
    ## Why it matters
    dqlite preallocates 8 MiB for each segment and writes snapshots beside the old ones. On a full disk writes are
    cut: short segments, empty YAML files, empty certificates and truststore entries appear from that moment on.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Free space first (not in the state directory). Then look for files of zero bytes dated from that time:
    cluster.yaml, info.yaml, truststore/*.yaml, certificates. A lone node loses at worst its last segment; in a
    cluster let the node take its state from a healthy member.
    ## References
    https://github.com/canonical/dqlite/issues/283; https://github.com/canonical/dqlite/issues/309
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "the disk was full"
