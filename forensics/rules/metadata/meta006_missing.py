"""META006: both metadata files are gone, the log is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from forensics.facts.cluster.membership import node_membership
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.forecast.bootstrap import FIRST_SEGMENT
from forensics.ingest.state_directory import StateFile
from forensics.on_disk import FOUNDER_IDS
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, count


class Start(Enum):
    """What the next start does without metadata."""

    BOOTSTRAPS = "bootstraps"  # a founder's ID, and no first segment: it bootstraps again
    FAILS_ONCE = "fails-once"  # a founder's ID, and its first segment: only the next start fails
    AS_RECOVERED = "as-recovered"  # as a recovery gives the log to a member, before its first start
    FORGETS = "forgets"  # term 0, no vote


@dataclass(frozen=True, slots=True)
class NoMetadata:
    """A log or a snapshot without metadata.

    Attributes:
        files: how many segments and snapshots there are.
        node_id: the node's ID, where it is known.
        start: what the next start does.
    """

    kind: ClassVar[str] = "no-metadata"
    files: int
    node_id: str | None
    start: Start

    def words(self, _: Severity) -> Words:
        """See Problem."""
        there = count(self.files, "segment or snapshot", "segments and snapshots")
        return Words(
            f"metadata1 and metadata2 are missing, but {there} {'is' if self.files == 1 else 'are'} there",
            (_MEANING[self.start].format(id=self.node_id),),
            _STEPS.get(self.start),
        )


_MEANING = {
    Start.BOOTSTRAPS: (
        "The node has a founder's ID ({id}), so its next start bootstraps again, and writes a false first segment."
    ),
    Start.FAILS_ONCE: (
        "The node has a founder's ID ({id}), so its next start tries to bootstrap again, and fails. The start after "
        "that goes on, with term 1 and no vote."
    ),
    Start.AS_RECOVERED: (
        "The log ends with a configuration that was forced by hand: this is how a recovery gives a member its log, "
        "before the first start."
    ),
    Start.FORGETS: "The node starts with term 0 and may vote twice in a term.",
}
_STEPS = {
    Start.BOOTSTRAPS: (
        "Do not start the node. Look for the two files in backups of this host. Otherwise let this node join "
        "again with an empty directory once the others have a leader."
    ),
}


@rule(
    "META006",
    "metadata missing beside a log",
    Severity.HIGH,
    fault=FaultKind.METADATA_DAMAGED,
    scope=Node,
    needs=(Needs.NAMES,),
    effect=Effect.DEGRADED,
    fires_on=("metadata/lost-founder", "metadata/lost-joiner"),
    silent_on=("healthy/trimmed-111", "healthy/new-term-118"),
)
def missing(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Where there are segments or snapshots, there is metadata1 or metadata2. File names are enough for this.
    ## Why it matters
    Raft starts with term 0 and no vote: the node may vote a second time in a term. It is worse on a founder, whose ID
    makes dqlite bootstrap again. It writes metadata1 with term 1. Where its first segment is still there, this start
    fails and the next one goes on with term 1. Where that segment was trimmed, it writes a bogus one that stops every
    start after it.
    ## False alarm if
    The upload lacks the two files, which have 32 bytes each. An upload that was cut inside the directory is not judged.
    The documented recovery gives the other members the log without metadata: where a forced configuration is the last
    entry, the finding is info.
    ## What to do
    Look for the two files in backups of this host. Otherwise start this node only once the others have a leader: it
    takes its term from them, and cannot vote twice. Where the first start of a founder fails, start it once more.
    ## References
    canonical/dqlite src/server.c (maybeBootstrap); docs/reference/metadata.md#metadata1-and-metadata2;
    docs/reference/start.md#bootstrap; docs/reference/raft.md#bootstrap-and-ids
    """
    if node.state.file("metadata1") or node.state.file("metadata2"):
        return
    files = _raft_files(node)
    if not files:
        return
    start = _start(node)
    severity, effect = _WEIGHTS[start]
    problem = NoMetadata(len(files), None if node.id is None else str(node.id), start)
    yield Finding(problem, (files[0].at,), severity, effect=effect)


_WEIGHTS: dict[Start, tuple[Severity | None, Effect | None]] = {
    Start.BOOTSTRAPS: (Severity.CRITICAL, Effect.NODE_DOWN),
    Start.FAILS_ONCE: (None, None),
    Start.AS_RECOVERED: (Severity.INFO, Effect.NONE),
    Start.FORGETS: (None, None),
}


def _raft_files(node: Node) -> list[StateFile]:
    files = [part.file for part in node.log.closed] + [part.file for part in node.log.open]
    return files + [snapshot.data_file for snapshot in node.snapshots if snapshot.data_file]


def _start(node: Node) -> Start:
    if node.id in FOUNDER_IDS:
        return Start.FAILS_ONCE if node.state.file(FIRST_SEGMENT) else Start.BOOTSTRAPS
    newest = max(node_membership(node), key=lambda event: event.index, default=None)
    recovered = newest is not None and newest.forced is not None and newest.index == node.last_index
    return Start.AS_RECOVERED if recovered else Start.FORGETS
