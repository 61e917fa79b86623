"""JRN014: this is the first generation of dqlite, written in Go."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_lines import Cause, Milder, findings_of, log_rule

CAUSE = Cause(
    {
        "first-generation": "this is the first generation of dqlite (Go, logs.db and snapshots/), not read here",
        "first-generation-log": "the daemon runs the first generation of dqlite (Go, logs.db and snapshots/)",
    },
    milder={
        "first-generation-log": Milder(
            Severity.INFO, "Nothing for the data. Upgrade in steps (LXD 3.x, then 4.0, then on): 4.0 migrates it."
        )
    },
)


@log_rule(
    "JRN014",
    "this is the first generation of dqlite, written in Go",
    Severity.MEDIUM,
    fault=FaultKind.VERSION,
    effect=Effect.ATTENTION,
    fires_on=("journal/old-generation",),
)
def old_generation(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Stack traces of CanonicalLtd/dqlite or hashicorp/raft. Ordinary lines of the latter (`Raft: Node at …`) are
    `info`.
    ## Why it matters
    LXD before 3.15 kept its log in logs.db (BoltDB) and snapshots/, with raft by HashiCorp. Neither this tool nor
    today's LXD reads that. It is another format, not an empty database.
    ## What to do
    Upgrade in steps (LXD 3.x, then 4.0, then on): 4.0 is the last version that migrates it.
    ## References
    docs/reference/products.md#lxd; https://github.com/canonical/lxd/issues/5469
    """
    return findings_of(case, CAUSE)
