"""SNAP003: a snapshot's `.meta` that loading refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.node.node import Node, Snapshot
from forensics.fault_kind import FaultKind
from forensics.parsers.bitflip import BitFlip
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.rules.damage_words import (
    DEPENDS_ON_MEMORY,
    OLDER_SNAPSHOT_STEPS,
    flip_words,
    start_depends_on_memory,
)
from forensics.wording import Words, sentences, size

_SMALLEST = 32 + 24  # header, and a configuration of one server with an empty address
_WRONG = {
    "meta-short": "it is cut short",
    "meta-format": "its format is unknown",
    "meta-size": "the size of its configuration is impossible",
    "meta-checksum": "its checksum does not match",
}
_READ = "It belongs to the newest snapshot, so the node does not start."
_NOT_READ = "It belongs to an older snapshot, which loading does not read."


@dataclass(frozen=True, slots=True)
class RefusedMeta:
    """A `.meta` whose content loading refuses.

    Attributes:
        file: its name.
        code: what is wrong, as the parser names it (forensics/parsers/snapshot.py, parsers/configuration.py).
        measured: what the parser says of it; words, and no value.
        newest: it belongs to the newest snapshot.
        flip: the one bit that explains it, if one does.
        depends: what a start makes of it depends on what lies in memory.
    """

    kind: ClassVar[str] = "refused"
    file: str
    code: str
    measured: str = field(repr=False)
    newest: bool
    flip: BitFlip | None
    depends: bool = False

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.file} cannot be loaded: {_WRONG.get(self.code, 'its configuration is damaged')}",
            sentences(
                f"Found: {self.measured}.",
                self._meaning(),
                flip_words(self.flip) if self.flip else "",
            ),
            None if self.newest else OLDER_SNAPSHOT_STEPS,
        )

    def _meaning(self) -> str:
        if not self.newest:
            return _NOT_READ
        return DEPENDS_ON_MEMORY if self.depends else _READ


@dataclass(frozen=True, slots=True)
class ImpossibleSize:
    """A `.meta`, known by name and size, of a size that none can have.

    Attributes:
        file: its name.
        bytes: its size.
        newest: it belongs to the newest snapshot.
    """

    kind: ClassVar[str] = "impossible-size"
    file: str
    bytes: int
    newest: bool

    def words(self, _: Severity) -> Words:
        """See Problem."""
        told = f"{self.file} has {size(self.bytes)}, which no .meta file can have"
        return Words(told, (_READ if self.newest else _NOT_READ,), None if self.newest else OLDER_SNAPSHOT_STEPS)


@rule(
    "SNAP003",
    "snapshot .meta that cannot be loaded",
    Severity.CRITICAL,
    fault=FaultKind.SNAPSHOT_DAMAGED,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=(
        "snapshot/meta-checksum",
        "snapshot/meta-short",
        "snapshot/meta-format",
        "snapshot/meta-size",
        "snapshot/older-meta",
    ),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def bad_meta(node: Node) -> Iterator[Finding]:
    """## What it checks
    Format, size, checksum and configuration of every `.meta`. In a listing: whether a `.meta` can have this size.
    ## Why it matters
    Loading tries only the newest snapshot. If its `.meta` is bad, the node does not start, even where the older
    snapshot and the whole log are sound (only cowsql/raft 0.22 and later falls back). Self-repair does not act on
    snapshots. An older `.meta` is not read: there the finding is low.
    ## False alarm if
    The copy damaged the file, which looks the same: compare the digests with the node's.
    ## What to do
    Save the directory. The configuration is the same on all nodes at that index: compare with theirs. Let this node
    come back once the others have a leader, as the report's first steps say. Where this is the only one, the older
    snapshot and the log behind it may still hold everything: work on a copy.
    ## References
    canonical/dqlite src/raft/uv_snapshot.c (uvSnapshotLoadMeta); docs/reference/snapshots.md#snapshot-metadata;
    docs/reference/start.md#the-newest-snapshot
    """
    for snapshot in node.snapshots:
        file = snapshot.meta_file
        if file is None or file.cut:
            continue
        newest = snapshot is node.newest_snapshot
        if (found := _problem(node, snapshot, file.name)) is not None:
            problem, spans = found
            severity, effect = (None, None) if newest else (Severity.LOW, Effect.NONE)
            yield Finding(problem, spans or (file.at,), severity, effect=effect, where=(file.name,))


def _problem(node: Node, snapshot: Snapshot, name: str) -> tuple[RefusedMeta | ImpossibleSize, tuple[Span, ...]] | None:
    """What is wrong, and where: nowhere in particular for a size."""
    newest = snapshot is node.newest_snapshot
    if snapshot.meta is None:
        exact = snapshot.meta_file.exact_size if snapshot.meta_file else None
        odd = exact is not None and (exact < _SMALLEST or exact % 8 != 0)
        return (ImpossibleSize(name, exact, newest), ()) if odd and exact is not None else None
    fault = next(iter(snapshot.meta.anomalies), None)
    if fault is None:
        return None
    flip = snapshot.meta.value.flip if snapshot.meta.value else None
    problem = RefusedMeta(name, fault.code, fault.detail, newest, flip, start_depends_on_memory(node))
    return problem, (fault.at, flip.at) if flip else (fault.at,)
