"""ID005: a key that appears twice in one mapping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from forensics.evidence import Parsed
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.member_record import MemberRecord
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, listed

_DUPLICATE = "yaml-duplicate-key"


@dataclass(frozen=True, slots=True)
class DuplicateKeys:
    """A file in which a mapping has a key twice.

    Attributes:
        file: its name.
        keys: which; empty where only a mapping that is no member's has one.
    """

    kind: ClassVar[str] = "duplicate-keys"
    file: str
    keys: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        what = f"the {'key' if len(self.keys) == 1 else 'keys'} {listed(self.keys)}" if self.keys else "a key"
        return Words(f"{self.file} has {what} twice in one mapping")


@rule(
    "ID005",
    "YAML key that appears twice",
    Severity.MEDIUM,
    fault=FaultKind.IDENTITY_FILES,
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
    Never, as far as is known.
    ## What to do
    Find out which value is right: the raft configuration says it.
    ## References
    docs/reference/go-dqlite.md#readers-and-key-case
    """
    info = node.info.value if node.info else None
    cluster = node.cluster.value if node.cluster else None
    yield from _judge("info.yaml", node.info, (info,) if info else ())
    yield from _judge("cluster.yaml", node.cluster, cluster.members if cluster else ())


def _judge(file: str, parsed: Parsed[Any] | None, records: tuple[MemberRecord, ...]) -> Iterator[Finding]:
    spans = tuple(anomaly.at for anomaly in (parsed.anomalies if parsed else ()) if anomaly.code == _DUPLICATE)
    if spans:
        keys = {key for record in records for key in record.key_order if record.key_order.count(key) > 1}
        yield Finding(DuplicateKeys(file, tuple(sorted(keys))), spans, where=(file,))
