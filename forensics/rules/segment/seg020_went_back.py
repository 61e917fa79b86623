"""SEG020: a log that went back between two listings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.looks import Seen, pairs_of_looks
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import FileRole
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.wording import Words, segment, sentences, size

_FINAL = (FileRole.CLOSED_SEGMENT, FileRole.SNAPSHOT, FileRole.SNAPSHOT_META)


@dataclass(frozen=True, slots=True)
class LogWentBack:
    """The last index in the names, in the older listing and in the newer one."""

    kind: ClassVar[str] = "log-went-back"
    before: int
    after: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the log went back between two listings: it reached index {self.before}, and later only {self.after}",
            sentences("Either older files were put back, or segments were deleted, or a leader replaced its end."),
        )


@dataclass(frozen=True, slots=True)
class FileChanged:
    """A file that never changes, with two sizes: bytes, at most in the older listing, and in the newer one."""

    kind: ClassVar[str] = "file-changed"
    file: str
    before_bytes: int
    after_bytes: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{segment(self.file)} changed its size between two listings",
            sentences(
                f"It had {size(self.before_bytes)}, and later {size(self.after_bytes)}.",
                "Raft gives a file this name when it is finished, and never changes it afterwards.",
            ),
        )


@rule(
    "SEG020",
    "log that went back between two listings",
    Severity.MEDIUM,
    fault=FaultKind.LOG_INCONSISTENT,
    scope=Node,
    effect=Effect.ATTENTION,
    fires_on=("segment/looks-went-back",),
    silent_on=("shape/several-looks",),
)
def went_back(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Two listings of one directory, the newer one whole: whether the log ends earlier in the newer one, and whether a
    closed segment or a snapshot has another size. Where no host is named, both listings must stand in one text.
    ## Why it matters
    A log only goes on, and raft never changes closed segments and snapshots. Somebody put older files back, deleted
    some, or wrote into them. A node that forgot entries it had confirmed can lose them for the whole cluster.
    ## False alarm if
    A leader replaced entries at the end that were never committed, which is rare; or the listings are of two nodes.
    ## What to do
    Find out what was done to the directory between the two. Keep this node stopped until its log was compared with
    those of the others.
    ## References
    docs/reference/segments.md#closed-segments; docs/reference/collectors.md#listings
    """
    seen = False
    for older, newer in pairs_of_looks(node):
        if not _of_one_node(older, newer):
            continue
        seen = True
        if not newer.cut and newer.last_index < older.last_index:
            yield Finding(
                LogWentBack(older.last_index, newer.last_index), (older.at, newer.at), where=(older.last_index,)
            )
        yield from _changed(older, newer)
    if not seen:
        yield NotChecked("there are no two listings of the directory", "no-second-look")


def _of_one_node(older: Seen, newer: Seen) -> bool:
    return older.host == newer.host and (older.host is not None or older.sources == newer.sources)


def _changed(older: Seen, newer: Seen) -> Iterator[Finding]:
    for name in sorted(older.raft.keys() & newer.raft.keys()):
        before, after = older.raft[name], newer.raft[name]
        apart = before.size_max < after.size_min or after.size_max < before.size_min
        if before.role in _FINAL and apart:
            yield Finding(FileChanged(name, before.size_max, after.size_max), (before.at, after.at), where=(name,))
