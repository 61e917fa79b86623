"""SNAP013: a snapshot whose name raft would write otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class OddName:
    """A snapshot's file whose name raft reads, but would write as `written` (without `.meta`)."""

    kind: ClassVar[str] = "odd-name"
    file: str
    written: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.file!r} is not the name that raft writes for this snapshot",
            (f"Raft writes {self.written!r} and does not find that, so the next start deletes the snapshot.",),
        )


@rule(
    "SNAP013",
    "snapshot that the next start deletes because of its name",
    Severity.HIGH,
    fault=FaultKind.FILE_NAMES,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("snapshot/name-by-hand",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def name_by_hand(node: Node) -> Iterator[Finding]:
    """## What it checks
    The numbers in the names of snapshots have no leading zeros and no signs. File names are enough for this.
    ## Why it matters
    Raft recognises such a name, but looks for the other file of the pair under the name that it would have written
    itself. It does not find that, takes both files for orphans, and deletes them.
    ## False alarm if
    Never, as far as is known.
    ## What to do
    Save both files before anything is started. On a copy, give them the names that raft writes.
    ## References
    canonical/dqlite src/raft/uv_snapshot.c; docs/reference/files.md#how-names-are-parsed
    """
    for snapshot in node.snapshots:
        if not snapshot.name.canonical:
            files = [file for file in (snapshot.data_file, snapshot.meta_file) if file]
            problem = OddName(files[0].name, snapshot.title)
            yield Finding(problem, tuple(file.at for file in files), where=(files[0].name,))
