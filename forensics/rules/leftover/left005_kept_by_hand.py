"""LEFT005: raft files that somebody renamed inside the directory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import RAFT_ROLES, FileRole, role_of
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words

_BACKUP = re.compile(r"back-?up|\.bak$|\.old$|\.orig$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KeptByHand:
    """A file or folder that somebody renamed or copied to keep it.

    Attributes:
        file: its name.
    """

    kind: ClassVar[str] = "kept-by-hand"
    file: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"somebody kept {self.file} in the state directory")


@rule(
    "LEFT005",
    "raft files that somebody renamed and kept",
    Severity.INFO,
    fault=FaultKind.FILE_NAMES,
    scope=Node,
    needs=(Needs.NAMES,),
    effect=Effect.NONE,
    fires_on=("leftover/put-aside",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def kept_by_hand(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether there are files that raft does not recognise, whose names are those of raft files with something added
    (`….bak`, `….old`, `_…`), or folders called backup. File names are enough for this.
    ## Why it matters
    Raft ignores them, so they do no harm. They show that somebody worked here by hand, and they may hold the very
    entries that the report finds missing elsewhere.
    ## False alarm if
    Never, as far as is known.
    ## What to do
    Ask what was done, and in which order. Keep the files.
    ## References
    docs/reference/files.md#how-names-are-parsed
    """
    for name, file in sorted(node.state.files.items()):
        if file.role not in (FileRole.UNKNOWN, FileRole.DIRECTORY):
            continue
        if any(role_of(part) in RAFT_ROLES for part in _stems(name)) or _BACKUP.search(name):
            yield Finding(KeptByHand(name), (file.at,), where=(name,))


def _stems(name: str) -> Iterator[str]:
    """The name without what was added behind or before it."""
    stem = name
    while "." in stem:
        stem = stem.rpartition(".")[0]
        yield stem
    yield name.strip("_~#")
