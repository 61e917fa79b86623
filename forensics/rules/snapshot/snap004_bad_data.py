"""SNAP004: a snapshot's data that cannot be read to its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.rules.damage_words import DEPENDS_ON_MEMORY, OLDER_SNAPSHOT_STEPS, start_depends_on_memory
from forensics.wording import Words

_ELSEWHERE = ("snapshot-empty",)  # SNAP002
_CUT = "lz4-cut"
_WRONG = {
    _CUT: "its LZ4 frame is cut short",
    "lz4-corrupt": "its LZ4 frame is damaged",
    "snapshot-short": "it ends too early",
    "snapshot-format": "its format is unknown",
    "snapshot-count": "it claims too many databases",
    "snapshot-size": "it claims a database of impossible size",
    "snapshot-tail": "something follows its last database",
}


@dataclass(frozen=True, slots=True)
class UnreadableData:
    """A snapshot whose data cannot be read to its end.

    Attributes:
        file: name of the data file.
        code: what is wrong, as the parser names it (forensics/parsers/snapshot.py, parsers/lz4frame.py).
        measured: what the parser says of it; words, and no value.
        newest: it is the newest snapshot, the only one that loading tries.
        depends: what a start makes of it depends on what lies in memory.
    """

    kind: ClassVar[str] = "unreadable"
    file: str
    code: str
    measured: str = field(repr=False)
    newest: bool
    depends: bool = False

    def words(self, _: Severity) -> Words:
        """See Problem."""
        if not self.newest:
            meaning = "Loading does not read it, but it is no second copy of the data either."
        elif self.depends:
            meaning = DEPENDS_ON_MEMORY
        elif self.code == _CUT:
            meaning = "It is the newest snapshot, so the start fails; up to dqlite 1.18.2 it hangs instead."
        else:
            meaning = "It is the newest snapshot, so the node does not start."
        return Words(
            f"the data of {self.file} cannot be read: {_WRONG.get(self.code, 'it is damaged')}",
            (f"Found: {self.measured}.", meaning),
            None if self.newest else OLDER_SNAPSHOT_STEPS,
        )


@rule(
    "SNAP004",
    "snapshot data that cannot be read",
    Severity.CRITICAL,
    fault=FaultKind.SNAPSHOT_DAMAGED,
    scope=Node,
    needs=(Needs.SNAPSHOTS,),
    fires_on=("snapshot/data-flipped", "snapshot/data-cut", "snapshot/data-count", "snapshot/older-data"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "healthy/lagging-111"),
)
def bad_data(node: Node) -> Iterator[Finding]:
    """## What it checks
    The LZ4 frame with its content checksum, and inside it the directory of databases with their sizes.
    ## Why it matters
    Loading tries only the newest snapshot: the node does not start with it. Up to dqlite 1.18.2, a frame that is cut
    makes the start hang at full CPU instead of failing. An older snapshot is not read: there the finding is low.
    ## False alarm if
    The copy damaged or cut the file, which looks the same: compare size and digest with the node's.
    ## What to do
    Save the directory. Let this node come back once the others have a leader, as the report's first steps say. Where
    this is the only one: the older snapshot with the whole log behind it holds the same data, which `sql` and `extract`
    can show.
    ## References
    canonical/dqlite src/raft/uv_snapshot.c, src/fsm.c; https://github.com/canonical/microk8s/issues/1578;
    docs/reference/snapshots.md#snapshot-data; docs/reference/start.md#the-newest-snapshot
    """
    for snapshot in node.snapshots:
        if snapshot.data is None or snapshot.data_file is None or snapshot.data_file.cut:
            continue
        faults = [anomaly for anomaly in snapshot.data.anomalies if anomaly.code not in _ELSEWHERE]
        if faults:
            newest = snapshot is node.newest_snapshot
            depends = start_depends_on_memory(node)
            problem = UnreadableData(snapshot.data_file.name, faults[0].code, faults[0].detail, newest, depends)
            spans = tuple(dict.fromkeys(anomaly.at for anomaly in faults))
            yield Finding(problem, spans, None if newest else Severity.LOW, where=(problem.file,))
