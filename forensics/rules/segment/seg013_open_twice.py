"""SEG013: two open segments with the same counter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class SameCounter:
    """Two names of open segments, `one` and `other`, that mean the same counter."""

    kind: ClassVar[str] = "same-counter"
    one: str
    other: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.one!r} and {self.other!r} are two open segments with the same number",
            ("dqlite 1.16.3 and later abort at start; older versions load both, one behind the other.",),
        )


@rule(
    "SEG013",
    "two open segments with one counter",
    Severity.CRITICAL,
    fault=FaultKind.LOG_INCONSISTENT,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    fires_on=("segment/open-twice",),
    silent_on=("healthy/killed-111", "healthy/lagging-118"),
)
def open_twice(node: Node) -> Iterator[Finding]:
    """## What it checks
    No two names of open segments mean the same counter (`open-1`, `open-01`). File names are enough for this.
    ## Why it matters
    Raft never writes such a name. The raft inside dqlite (1.16.3 and later) aborts while it sorts the files; older
    versions load both, and the entries of the second get the indexes that follow those of the first.
    ## False alarm if
    Never, as far as is known: somebody made a copy inside the directory.
    ## What to do
    Work on a copy. Find out which file is raft's own (the name without padding), and move the other out of the
    directory.
    ## References
    canonical/dqlite src/raft/uv_segment.c; docs/reference/files.md#how-names-are-parsed
    """
    for before, after in pairwise(node.log.open):
        if before.name.counter == after.name.counter:
            names = before.file.name, after.file.name
            yield Finding(SameCounter(*names), (after.file.at, before.file.at), where=names)
