"""SEG019: a directory where raft expects a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.files import Kind
from forensics.ingest.roles import RAFT_ROLES, FileRole
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class NotAFile:
    """A directory that raft reads like a file: its name, and the role that raft sees in it."""

    kind: ClassVar[str] = "directory"
    file: str
    role: FileRole

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.file!r} is a directory, but has the name of a raft file ({self.role.value})",
            ("Raft tries to read it like a file, so the node does not start.",),
        )


@rule(
    "SEG019",
    "directory with the name of a raft file",
    Severity.CRITICAL,
    fault=FaultKind.FILE_NAMES,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    fires_on=("segment/directory",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def not_a_file(node: Node) -> Iterator[Finding]:
    """## What it checks
    Nothing with the name of a segment, a snapshot or metadata is a directory. File names are enough for this.
    ## Why it matters
    Raft goes by names and reads the directory like a file: `read: illegal operation on a directory`. The node does not
    start.
    ## False alarm if
    Never, as far as is known.
    ## What to do
    Ask who made it. On a copy, move it out of the directory.
    ## References
    docs/reference/files.md#how-names-are-parsed
    """
    for name, file in sorted(node.state.files.items()):
        if file.role in RAFT_ROLES and file.kind is Kind.DIRECTORY:
            yield Finding(NotAFile(name, file.role), (file.at,), where=(name,))
