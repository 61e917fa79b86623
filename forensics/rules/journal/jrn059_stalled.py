"""JRN059: the machine stalls: a stuck CPU, or a task that waits for its disk."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "machine-stalled": (
            "{program} waits for its disk, says the kernel",
            "a processor is stuck, says the kernel",
        )
    }
)


@log_rule(
    "JRN059",
    "the machine stalls: a stuck CPU, or a task that waits for its disk",
    Severity.MEDIUM,
    fault=FaultKind.SERVICE,
    effect=Effect.DEGRADED,
    fires_on=("journal/stalled",),
)
def stalled(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The kernel's `soft lockup`, RCU stalls, and `blocked for more than … seconds` of a program that carries dqlite.
    ## Why it matters
    A leader whose machine stalls for seconds loses its leadership, and its clients time out. The state directory is
    not the cause: the hypervisor, the processor, the kernel or the disk is.
    ## False alarm if
    It is a virtual machine that was suspended or moved: that logs the same, once.
    ## What to do
    Look at the hypervisor (steal time, snapshots of the machine), at the disk's latency, and for a newer kernel.
    ## References
    https://github.com/canonical/k8s-dqlite/issues/213
    """
    return findings_of(case, CAUSE)
