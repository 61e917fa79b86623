"""JRN033: a truststore entry is empty: the daemon does not start."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause({"truststore-empty": "a truststore entry is empty: it has no certificate"}, ended_by=A_START)


@log_rule(
    "JRN033",
    "a truststore entry is empty: the daemon does not start",
    Severity.HIGH,
    fault=FaultKind.MEMBER_RECORDS,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/truststore-empty",),
)
def truststore_empty(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    microcluster's `Failed to initialize trust store`, `Failed to parse local record "". Found empty certificate`.
    ## Why it matters
    microcluster before its pull request 71 wrote truststore/*.yaml in place: an unclean stop or a full disk left
    them empty, or the directory without files. The database is whole, and holds the same certificates.
    ## What to do
    Keep the empty files. Copy truststore/ from another member (it is the same on all), or rebuild each file from
    the table core_cluster_members of the database (name, address, certificate).
    ## References
    https://github.com/canonical/microceph/issues/188; https://github.com/canonical/microcluster/pull/71;
    docs/reference/microcluster.md#state-directory
    """
    return findings_of(case, CAUSE)
