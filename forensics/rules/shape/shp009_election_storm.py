"""SHP009: terms rise quickly: leaders change again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, count

_MANY = 5
_FEW_ENTRIES = 4096


@dataclass(frozen=True, slots=True)
class ManyElections:
    """Terms that rose between the two newest snapshots.

    Attributes:
        terms: by how many.
        entries: between the two.
        term: of the newest snapshot.
    """

    kind: ClassVar[str] = "many-elections"
    terms: int
    entries: int
    term: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the term rose by {self.terms} within {count(self.entries, 'entry')}: leaders change again and again",
            (f"The newest snapshot has term {self.term}.",),
        )


@rule(
    "SHP009",
    "leaders change again and again",
    Severity.LOW,
    fault=FaultKind.PERFORMANCE,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    effect=Effect.ATTENTION,
    fires_on=("shape/election-storm",),
    silent_on=(
        "healthy/trimmed-111",
        "shape/healthy-listing",
    ),
)
def election_storm(node: Node) -> Iterator[Finding]:
    """## What it checks
    The terms in the names of the two newest snapshots: whether five or more elections fall within a few thousand
    entries.
    ## Why it matters
    Each election raises the term. Many of them in little log mean that no leader stays: the disk or the network is
    slow, a node crashes in a loop, or the clocks of virtual machines stop.
    ## False alarm if
    The cluster is restarted often, and little is written.
    ## What to do
    Look for restarts and for warnings about slow disks in the journals, and at the load of the nodes.
    ## References
    https://github.com/canonical/microk8s/issues/2394; docs/reference/snapshots.md#snapshot-metadata
    """
    pair = sorted(node.snapshots, key=lambda snapshot: snapshot.name.index)[-2:]
    if len(pair) < 2:
        return
    older, newer = pair[0].name, pair[1].name
    terms, entries = newer.term - older.term, newer.index - older.index
    file = pair[1].data_file or pair[1].meta_file
    if terms >= _MANY and entries <= _FEW_ENTRIES and file is not None:
        yield Finding(ManyElections(terms, entries, newer.term), (file.at,))
