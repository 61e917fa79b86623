"""JRN016: a limit of the machine was reached."""

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
        "aio-limit": "the machine has no more contexts for asynchronous I/O",
        "open-files-limit": "the process may open no more files",
        **kinds(Kind.LIMIT),
    },
    ended_by=A_START,
)


@log_rule(
    "JRN016",
    "a limit of the machine was reached",
    Severity.HIGH,
    fault=FaultKind.LIMITS,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/limits",),
)
def limits(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Limits of the kernel: contexts for asynchronous I/O (`io_setup: …`), open files.
    ## Why it matters
    raft writes through a kernel context for asynchronous I/O. If none is left (fs.aio-max-nr), the node does not
    start. If no file can be opened any more, it cannot open segments or accept connections.
    ## False alarm if
    Another program used them up, and has given them back since.
    ## What to do
    Look at `sysctl fs.aio-nr fs.aio-max-nr`, and raise fs.aio-max-nr (to 1048576). For open files look at the
    service's LimitNOFILE, and at connections that are never closed.
    ## References
    canonical/dqlite src/raft/uv_fs.c (probeAsyncIO); canonical/microk8s scripts/inspect.sh;
    docs/reference/collectors.md#microk8s-inspect
    """
    return findings_of(case, CAUSE)
