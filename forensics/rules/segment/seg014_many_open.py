"""SEG014: more open segments than a running node has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, listed

_NORMAL_MAX = 3  # the one in use and two prepared ones (docs/reference/segments.md#open-segments)
_SHOWN = 6  # files given as evidence


@dataclass(frozen=True, slots=True)
class ManyOpen:
    """More open segments than raft keeps; `files` are their names, by counter."""

    kind: ClassVar[str] = "many-open"
    files: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"there are {len(self.files)} open segments, but a running node has at most {_NORMAL_MAX}",
            (f"They are {listed(self.files)}.",),
        )


@rule(
    "SEG014",
    "too many open segments",
    Severity.LOW,
    fault=FaultKind.PERFORMANCE,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    fires_on=("segment/open-many",),
    silent_on=("healthy/killed-111", "healthy/lagging-118", "healthy/stopped-111"),
)
def many_open(node: Node) -> Iterator[Finding]:
    """## What it checks
    There are at most three open segments. File names are enough for this.
    ## Why it matters
    Every start converts or deletes the open segments that it finds. More than three mean that no start has come that
    far since: the node fails or crashes while it loads, or files of different times were put together.
    ## False alarm if
    The process was killed while full segments were not yet closed: these can make a fourth.
    ## What to do
    Look at the other findings of this node, and in the journal for starts that failed.
    ## References
    docs/reference/segments.md#open-segments; docs/reference/start.md#loading-segments
    """
    files = [part.file for part in node.log.open]
    if len(files) > _NORMAL_MAX:
        yield Finding(ManyOpen(tuple(file.name for file in files)), tuple(file.at for file in files[:_SHOWN]))
