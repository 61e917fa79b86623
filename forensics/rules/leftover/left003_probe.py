"""LEFT003: a file with which raft tries what the file system can do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import FileRole
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class ProbeLeft:
    """A probe that was not removed.

    Attributes:
        file: its name.
    """

    kind: ClassVar[str] = "probe-left"
    file: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.file} is left from a start that ended while it tested the file system")


@rule(
    "LEFT003",
    "leftover of the I/O probe",
    Severity.LOW,
    fault=FaultKind.LEFTOVER,
    scope=Node,
    needs=(Needs.NAMES,),
    effect=Effect.NONE,
    fires_on=("leftover/probe",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def probe(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether the files `.probe` and `.probe_fallocate` are there. File names are enough for this.
    ## Why it matters
    With these files raft tests at every start what the file system can do, and removes them at once: one stays only if
    the process ended right there. Once means little. On a node that does not come up it says that starts fail at the
    very beginning: no space, or no asynchronous I/O requests left (fs.aio-max-nr).
    ## False alarm if
    The copy was made at that very moment.
    ## What to do
    Look at the free space, and for `create I/O capabilities probe file` or `probe Async I/O` in the journal.
    ## References
    canonical/dqlite src/raft/uv_fs.c; docs/reference/files.md#names-in-a-state-directory;
    docs/reference/start.md#failures-before-loading
    """
    for file in node.state.of_role(FileRole.PROBE):
        yield Finding(ProbeLeft(file.name), (file.at,), where=(file.name,))
