"""JRN024: a member with this id or address is in the configuration already."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("member-duplicate", "leftover-membership")


@rule(
    "JRN024",
    "a member with this id or address is in the configuration already",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("journal/member-duplicate",),
    silent_on=("journal/everyday",),
)
def member_duplicate(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Texts about an id or address in use, and LXD's `found leftover …`.
    ## Why it matters
    A node that was removed without telling the cluster is still a member. The new one with the same address cannot
    be added, and the dead one counts for the majority.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Remove the old member on a working node (MicroK8s: `microk8s remove-node ADDRESS --force`; dqlite shell:
    `.remove ADDRESS`), then join again.
    ## References
    https://github.com/canonical/charm-microk8s/issues/139; https://github.com/canonical/microk8s/issues/4025
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "a stale member with this id or address is still in the configuration"
