"""JRN059: the machine stands still: a stuck CPU, or a task that waits for its disk."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("stalled",)


@rule(
    "JRN059",
    "the machine stands still: a stuck CPU, or a task that waits for its disk",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("journal/stalled",),
    silent_on=("journal/everyday",),
)
def stalled(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The kernel's `soft lockup`, RCU stalls, and `blocked for more than … seconds` of a program that carries dqlite.
    ## Why it matters
    A member whose machine stands still for seconds loses its place as leader, and its clients time out. The state
    directory is not the cause: the hypervisor, the processor, the kernel or the disk is.
    ## False alarm if
    A virtual machine that was suspended or moved logs the same once. A journal tells of the past.
    ## What to do
    Look at the hypervisor (steal time, snapshots of the machine), at the disk's latency, and for a newer kernel.
    ## References
    https://github.com/canonical/k8s-dqlite/issues/213
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    if task := line.fields.get("task"):
        return f"the kernel says that {task} waits for its disk"
    return "the kernel says that a processor is stuck"
