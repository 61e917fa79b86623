"""SHP014: one directory, listed at several times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.looks import Seen, pairs_of_looks
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Severity, rule
from forensics.wording import Words, count, duration, sentences, size


@dataclass(frozen=True, slots=True)
class LooksDiffer:
    """What changed between two listings. None where the listings do not tell.

    Attributes:
        appeared, vanished: raft's files that only the newer one has, and only the older one.
        grown_bytes: of raft's files together; negative where they shrank.
        seconds: between the newest files of both.
        entries: that the log gained, by the names; negative where it lost some.
    """

    kind: ClassVar[str] = "looks-differ"
    appeared: int | None
    vanished: int | None
    grown_bytes: int | None
    seconds: float | None
    entries: int | None

    def words(self, _: Severity) -> Words:
        """See Problem."""
        new = None if self.appeared is None else f"{count(self.appeared, 'file')} appeared"
        gone = None if self.vanished is None else f"{self.vanished} vanished"
        what = " and ".join(filter(None, (new, gone))) or "what appeared or vanished cannot be told"
        return Words(
            f"the directory was listed more than once; from one listing to the next, {what}",
            sentences(self._growth(), "Only the newest listing is judged by itself."),
        )

    def _growth(self) -> str:
        entries = f"the log gained {count(self.entries, 'entry')}" if self.entries else ""
        grown = self.grown_bytes or 0
        grew = f"raft's files grew by {size(grown)}" if grown > 0 else ""
        what = " and ".join(filter(None, (entries, grew)))
        if not what:
            return ""
        return f"In about {duration(self.seconds)}, {what}." if self.seconds else f"Between them, {what}."


@rule(
    "SHP014",
    "one directory, listed at several times",
    Severity.INFO,
    fault=FaultKind.COPY,
    scope=Node,
    effect=Effect.NONE,
    fires_on=("shape/several-looks",),
    silent_on=("shape/healthy-listing",),
)
def several_looks(node: Node) -> Iterator[Finding]:
    """## What it checks
    Where texts list one directory more than once: which of raft's files appeared and vanished from one listing to the
    next, how much they grew, and how far the log went on.
    ## Why it matters
    Files of different times never lay side by side, so only the newest listing is judged by itself. What changed
    between them tells how fast the database writes, and whether it still does. The newest listing is the one with the
    newest file; without times, the one whose log goes furthest.
    ## False alarm if
    The listings are of two nodes that the texts do not tell apart.
    ## What to do
    Nothing. If the listings are of two nodes, give each in a file of its own with the node's name.
    ## References
    docs/reference/collectors.md#listings
    """
    for number, (older, newer) in enumerate(pairs_of_looks(node), 1):
        yield Finding(_problem(older, newer), (older.at, newer.at), where=(number,))


def _problem(older: Seen, newer: Seen) -> LooksDiffer:
    return LooksDiffer(
        None if older.cut else len(newer.raft.keys() - older.raft.keys()),
        None if newer.cut else len(older.raft.keys() - newer.raft.keys()),
        newer.size - older.size if newer.size is not None and older.size is not None else None,
        newer.newest - older.newest if newer.newest is not None and older.newest is not None else None,
        newer.last_index - older.last_index if newer.last_index and older.last_index else None,
    )
