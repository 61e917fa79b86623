"""META003: a metadata file of fewer than 32 bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.files import Kind
from forensics.on_disk import METADATA_BYTES
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class TooShort:
    """A metadata file that the next start deletes.

    Attributes:
        file: its name.
        bytes: its size.
        other_remains: the other metadata file is long enough.
    """

    kind: ClassVar[str] = "too-short"
    file: str
    bytes: int
    other_remains: bool

    def words(self, _: Severity) -> Words:
        """See Problem."""
        told = f"{self.file} has only {self.bytes} of {METADATA_BYTES} bytes"
        if self.other_remains:
            return Words(told, ("The next start deletes it, and goes on with the other metadata file.",))
        return Words(
            told,
            ("The next start deletes it. No other is left, so the node forgets its term and its vote.",),
            "Do not start the node before the others have a leader. The report's first steps say how it comes back.",
        )


@rule(
    "META003",
    "metadata file that the next start deletes",
    Severity.MEDIUM,
    fault=FaultKind.METADATA_DAMAGED,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("metadata/short", "metadata/only-one-short"),
    silent_on=("healthy/trimmed-111", "healthy/new-term-118"),
)
def short(node: Node) -> Iterator[Finding]:
    """## What it checks
    Neither metadata file has fewer than 32 bytes; an empty one counts too. File sizes are enough for this.
    ## Why it matters
    Raft takes such a file for a write that a crash interrupted, and deletes it silently. With the other file, the node
    goes on with term and vote as they were one write earlier. Without another, it forgets term and vote, and can vote
    twice in one term: there the finding is high.
    ## False alarm if
    The upload was cut off. The report lists the files that are known to be cut, and this rule passes over them.
    ## What to do
    Find out why the write was interrupted (a power cut, a full disk). Nothing else needs doing: the other file is
    enough.
    ## References
    canonical/dqlite src/raft/uv_metadata.c; docs/reference/metadata.md#metadata1-and-metadata2
    """
    files = [file for name in ("metadata1", "metadata2") if (file := node.state.file(name)) and not file.cut]
    short = [file for file in files if file.size_max < METADATA_BYTES and file.kind is not Kind.DIRECTORY]
    other_remains = len(short) < len(files)
    for file in short:
        problem = TooShort(file.name, file.size_max, other_remains)
        yield Finding(problem, (file.at,), None if other_remains else Severity.HIGH, where=(file.name,))
