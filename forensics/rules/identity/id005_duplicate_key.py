"""ID005: a key that appears twice in one mapping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, joined

_DUPLICATE = "yaml-duplicate-key"


@dataclass(frozen=True, slots=True)
class DuplicateKeys:
    """A file in which a mapping has a key twice.

    Attributes:
        file: its name.
        reasons: which, as the parser words it.
    """

    kind: ClassVar[str] = "duplicate-keys"
    file: str
    reasons: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.file} contradicts itself: {joined(self.reasons)}")


@rule(
    "ID005",
    "YAML key that appears twice",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.INFO,),
    fires_on=("identity/duplicate-key",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def duplicate_key(node: Node) -> Iterator[Finding]:
    """## What it checks
    No mapping in info.yaml or cluster.yaml has a key twice.
    ## Why it matters
    YAML forbids it, and programs differ in what they make of it: most keep the last value and say nothing, some refuse
    the file. Nothing in dqlite writes such a file; somebody edited it.
    ## False alarm if
    No case is known.
    ## What to do
    Find out which value is right: the raft configuration says it.
    ## References
    docs/reference/go-dqlite.md#readers-and-key-case
    """
    for name, parsed in (("info.yaml", node.info), ("cluster.yaml", node.cluster)):
        found = [anomaly for anomaly in (parsed.anomalies if parsed else ()) if anomaly.code == _DUPLICATE]
        if found:
            reasons = tuple(dict.fromkeys(anomaly.detail for anomaly in found))
            yield Finding(DuplicateKeys(name, reasons), tuple(anomaly.at for anomaly in found), where=(name,))
