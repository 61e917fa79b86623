"""LEFT002: a file that a crash left half-written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import FileRole
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, size


@dataclass(frozen=True, slots=True)
class InterruptedWrite:
    """A temporary file.

    Attributes:
        file: its name.
        bytes: its size; None where not known.
    """

    kind: ClassVar[str] = "interrupted-write"
    file: str
    bytes: int | None

    def words(self, _: Severity) -> Words:
        """See Problem."""
        much = f" ({size(self.bytes)})" if self.bytes is not None else ""
        return Words(f"{self.file}{much} is left from a write that was interrupted")


@rule(
    "LEFT002",
    "leftover of an interrupted write",
    Severity.INFO,
    fault=FaultKind.LEFTOVER,
    scope=Node,
    needs=(Needs.NAMES,),
    effect=Effect.NONE,
    fires_on=("leftover/interrupted-write",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def interrupted_write(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether a file name begins with `tmp-`, or is that of half-written YAML (`.info.yaml123`). File names are enough for
    this.
    ## Why it matters
    Raft and go-dqlite write to such a file, and rename it when it is complete: a crash leaves it. Nothing reads it, and
    the next start deletes `tmp-…`. Until then it may hold what was being written, for example a snapshot.
    ## False alarm if
    The copy was made while the node was writing.
    ## What to do
    Nothing, unless data is missing: then copy the file before the next start deletes it.
    ## References
    canonical/dqlite src/raft/uv_fs.c; docs/reference/files.md#names-in-a-state-directory;
    docs/reference/start.md#failures-before-loading
    """
    for file in node.state.of_role(FileRole.TEMPORARY):
        known = file.size_max if file.sized else None
        yield Finding(InterruptedWrite(file.name, known), (file.at,), where=(file.name,))
