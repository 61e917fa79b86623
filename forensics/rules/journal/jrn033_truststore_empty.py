"""JRN033: a truststore entry is empty: the daemon does not start."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("truststore-empty",)


@rule(
    "JRN033",
    "a truststore entry is empty: the daemon does not start",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/truststore-empty",),
    silent_on=("journal/everyday",),
)
def truststore_empty(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    microcluster's `Failed to initialize trust store`, `Failed to parse local record "". Found empty certificate`.
    ## Why it matters
    microcluster before its pull request 71 rewrote truststore/*.yaml in place: an unclean stop or a full disk left
    them empty, or the directory without files. The database itself is whole and holds the same certificates.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Copy truststore/ from another member (it is the same on all), or rebuild each file from core_cluster_members
    (name, address, certificate) of the database. Keep the empty ones.
    ## References
    https://github.com/canonical/microceph/issues/188; https://github.com/canonical/microcluster/pull/71
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "a truststore entry is empty (no certificate)"
