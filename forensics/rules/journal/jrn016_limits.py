"""JRN016: a limit of the machine was reached."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("limits",)


@rule(
    "JRN016",
    "a limit of the machine was reached",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/limits",),
    silent_on=("journal/everyday",),
)
def limits(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The kernel's limits: asynchronous I/O contexts (`io_setup: …`), open files.
    ## Why it matters
    raft writes through a kernel AIO context: with none left (fs.aio-max-nr) the node does not start; with no file
    descriptors left it cannot open segments or take connections.
    ## False alarm if
    Another program on the host may have used them up, and given them back since. A journal tells of the past: where
    the node's own files are newer, the finding says so and is `info`.
    ## What to do
    `sysctl fs.aio-nr fs.aio-max-nr`: raise fs.aio-max-nr (1048576). For open files look at the service's LimitNOFILE
    and at connections that pile up.
    ## References
    canonical/dqlite src/raft/uv_fs.c (probeAsyncIO); canonical/microk8s scripts/inspect.sh; FACTS 10.5
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    return "the machine has no more " + ("open files" if "open files" in line.text else "contexts for asynchronous I/O")
