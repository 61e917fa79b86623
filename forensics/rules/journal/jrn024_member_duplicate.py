"""JRN024: a member with this id or address is in the configuration already."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "member-duplicate": "a member with this id or address is still in the configuration",
        "leftover-membership": "traces of an earlier membership are still in the product's database",
        "member-listed-twice": "two members have the ID {member}: {address} and {other_address}",
        **kinds(Kind.MEMBER_DUPLICATE),
    }
)


@log_rule(
    "JRN024",
    "a member with this id or address is in the configuration already",
    Severity.MEDIUM,
    fault=FaultKind.IDENTITY,
    effect=Effect.DEGRADED,
    fires_on=("journal/member-duplicate",),
)
def member_duplicate(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    An id or an address that is in use already, and LXD's `found leftover …`.
    ## Why it matters
    A node that was taken away without telling the cluster is still a member. The new one with the same address
    cannot be added, and the dead one counts for the majority.
    ## What to do
    Remove the old member on a working node, with the product's own command or with `.remove ADDRESS` of the dqlite
    shell, then join again.
    ## References
    https://github.com/canonical/charm-microk8s/issues/139; https://github.com/canonical/microk8s/issues/4025
    """
    return findings_of(case, CAUSE)
