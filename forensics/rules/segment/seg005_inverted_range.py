"""SEG005: the name of a closed segment is no range of indexes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, segment


@dataclass(frozen=True, slots=True)
class ImpossibleRange:
    """A closed segment whose name claims what cannot be.

    Attributes:
        file: its name.
        first_index, last_index: what the name claims.
    """

    kind: ClassVar[str] = "impossible-range"
    file: str
    first_index: int
    last_index: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        why = "its first entry would be 0" if self.first_index == 0 else "its first entry would come after its last"
        return Words(
            f"{segment(self.file)} has an impossible name: {why}",
            ("dqlite 1.16.3 and later abort on such a name; older versions refuse to start.",),
        )


@rule(
    "SEG005",
    "closed segment named after an impossible range",
    Severity.CRITICAL,
    fault=FaultKind.LOG_INCONSISTENT,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    fires_on=("segment/inverted-range",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def inverted_range(node: Node) -> Iterator[Finding]:
    """## What it checks
    The first index in the name of a closed segment is at least 1, and not above the last. File names are enough for
    this.
    ## Why it matters
    Raft never means to write such a name. It is the trace of something that went wrong: a truncation of the log, or
    the conversion of an open segment into a closed one. The raft inside dqlite (1.16.3 and later) aborts on it; older
    versions refuse to start.
    ## False alarm if
    Somebody renamed files by hand.
    ## What to do
    Keep the file, and find out how many entries it holds (`log`). Move it out of the directory only if other segments
    hold its entries too.
    ## References
    https://github.com/canonical/raft/issues/189; docs/reference/start.md#loading-segments
    """
    for part in node.log.closed:
        if part.first == 0 or part.first > part.last:
            name = part.file.name
            yield Finding(ImpossibleRange(name, part.first, part.last), (part.file.at,), where=(name,))
