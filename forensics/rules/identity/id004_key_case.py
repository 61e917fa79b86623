"""ID004: lower-case keys in info.yaml or cluster.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.member_record import MemberRecord
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, listed

_KEYS = {"id": "ID", "address": "Address", "role": "Role"}


@dataclass(frozen=True, slots=True)
class UnreadKeys:
    """Keys that go-dqlite does not find, because they are written in other letters.

    Attributes:
        file: its name.
        keys: as written.
    """

    kind: ClassVar[str] = "unread-keys"
    file: str
    keys: tuple[str, ...]

    def words(self, severity: Severity) -> Words:
        """See Problem."""
        right = listed(_KEYS[key.lower()] for key in self.keys)
        return Words(
            f"{self.file} has {listed(self.keys)} where go-dqlite 1.11.8 and later want {right}",
            ("Keys in other letters are ignored.",),
            None
            if severity is Severity.HIGH
            else f"On a copy, write {right} instead. Do not start the node before that.",
        )


@rule(
    "ID004",
    "YAML keys that go-dqlite does not read",
    Severity.HIGH,
    fault=FaultKind.IDENTITY_FILES,
    scope=Node,
    needs=(Needs.INFO,),
    fires_on=("identity/lower-case-info", "identity/lower-case-cluster"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def key_case(node: Node) -> Iterator[Finding]:
    """## What it checks
    The keys in info.yaml and cluster.yaml are `ID`, `Address` and `Role`, with these capital letters.
    ## Why it matters
    go-dqlite from 1.11.8 on reads the keys case-sensitively, and takes what it does not find for 0 or empty: the node
    has the ID 0, or knows no address. Lower-case keys come from recovery.yaml and raft_nodes.yaml, which look alike, or
    from files made by hand. In info.yaml they are more serious than in cluster.yaml.
    ## False alarm if
    go-dqlite is 1.11.7 or older: it reads them all the same.
    ## What to do
    On a copy, write the keys as they should be.
    ## References
    canonical/go-dqlite client/store.go; docs/reference/go-dqlite.md#readers-and-key-case
    """
    info = node.info.value if node.info else None
    cluster = node.cluster.value if node.cluster else None
    yield from _judge("info.yaml", (info,) if info else (), Severity.CRITICAL)
    yield from _judge("cluster.yaml", cluster.members if cluster else (), None)


def _judge(file: str, records: tuple[MemberRecord, ...], severity: Severity | None) -> Iterator[Finding]:
    keys = tuple(dict.fromkeys(key for record in records for key in _unread(record)))
    if keys:
        spans = tuple(record.at for record in records if _unread(record))
        yield Finding(UnreadKeys(file, keys), spans, severity, where=(file,))


def _unread(record: MemberRecord) -> list[str]:
    return [key for key in record.key_order if key not in _KEYS.values() and key.lower() in _KEYS]
