"""LEFT003: a file of raft's test of the file system."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.roles import FileRole
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "LEFT003",
    "leftover of the I/O probe",
    Severity.LOW,
    scope=Node,
    needs=(Needs.NAMES,),
    effect=Effect.NONE,
    fires_on=("leftover/probe",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def probe(node: Node) -> Iterator[Finding]:
    """## What it checks
    The files `.probe` and `.probe_fallocate`. Told by names.
    ## Why it matters
    At every start raft tries what the file system can do with this file and removes it at once: it stays only where the
    process died right there. One is a coincidence; together with a node that does not come up it says that starts fail
    at the very beginning (no space, or no asynchronous I/O left: fs.aio-max-nr).
    ## False alarm if
    A copy that was taken in that very moment.
    ## What to do
    Look at free space, and at `create I/O capabilities probe file` or `probe Async I/O` in the journal.
    ## References
    canonical/dqlite src/raft/uv_fs.c; FACTS 1.2, 2.2
    """
    for file in node.state.of_role(FileRole.PROBE):
        yield Finding(f"{file.name} is there: a start died while it probed the file system", (file.at,))
