"""JRN064: a member does not answer."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("member-silent",)


@rule(
    "JRN064",
    "a member does not answer",
    Severity.LOW,
    scope=Case,
    effect=Effect.NONE,
    consequence=True,
    fires_on=("journal/member-silent",),
    silent_on=("journal/everyday",),
)
def member_silent(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Addresses that cannot be dialled, and heartbeats that fail: `attempt N: server … dial: …`, `server unavailable
    err=…`, `Failed heartbeat`.
    ## Why it matters
    It says which address. Where that is this machine's own, or one that nobody has any more, an address was changed;
    where it is a member's, that member is down, cut off or overloaded.
    ## False alarm if
    At every restart of a member, and for a member that is switched off on purpose. A journal tells of the past: where
    the node's own files are newer, the finding says so and is `info`.
    ## What to do
    Compare the address with those of the machines (`ip addr`) and with cluster.yaml or raft_nodes; then look at that
    member's own journal.
    ## References
    canonical/go-dqlite internal/protocol/connector.go; https://github.com/canonical/lxd/issues/10818
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    who = next(iter(line.fields.values()), "a member")
    return f"{who} does not answer"
