"""ID007: two members of cluster.yaml with one ID or address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words

Name = TypeVar("Name", bound=int | str)


@dataclass(frozen=True, slots=True)
class DuplicateId:
    """An ID that several members have.

    Attributes:
        id: the ID.
        times: how often cluster.yaml lists it.
    """

    kind: ClassVar[str] = "duplicate-id"
    id: str
    times: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"cluster.yaml lists the ID {self.id} {self.times} times")


@dataclass(frozen=True, slots=True)
class DuplicateAddress:
    """An address that several members have.

    Attributes:
        address: the address.
        times: how often cluster.yaml lists it.
    """

    kind: ClassVar[str] = "duplicate-address"
    address: str
    times: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"cluster.yaml lists the address {self.address} {self.times} times")


@rule(
    "ID007",
    "cluster.yaml lists an ID or address twice",
    Severity.HIGH,
    fault=FaultKind.IDENTITY_FILES,
    scope=Node,
    needs=(Needs.CLUSTER,),
    fires_on=("identity/duplicate-id", "identity/duplicate-address"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def duplicate_member(node: Node) -> Iterator[Finding]:
    """## What it checks
    No two members in cluster.yaml have the same ID (other than 0) or the same address.
    ## Why it matters
    The list comes from the raft configuration, which refuses both. Two members with one address are left when a host
    joins a second time without having left; two with one ID are two hosts with a copied directory. Either can cost the
    majority, because both count as voters.
    ## False alarm if
    Somebody edited the file by hand.
    ## What to do
    Compare with the newest raft configuration. If the duplicate is there too, remove the dead member by its ID, through
    the leader.
    ## References
    https://github.com/canonical/microk8s/issues/1604; https://github.com/canonical/microk8s/issues/5000;
    docs/reference/raft.md#what-must-hold; docs/reference/go-dqlite.md#what-the-files-mean
    """
    members = node.cluster.value.members if node.cluster and node.cluster.value else ()
    for number, spans in _twice((member.id, member.at) for member in members):
        yield Finding(DuplicateId(str(number), len(spans)), spans, where=(number,))
    for address, spans in _twice((member.address, member.at) for member in members):
        yield Finding(DuplicateAddress(address, len(spans)), spans, where=(address,))


def _twice(named: Iterable[tuple[Name | None, Span]]) -> Iterator[tuple[Name, tuple[Span, ...]]]:
    """What several members have (0 and nothing at all do not count), and where each has it."""
    spans: dict[Name, list[Span]] = {}
    for name, at in named:
        if name:
            spans.setdefault(name, []).append(at)
    return ((same, tuple(where)) for same, where in spans.items() if len(where) > 1)
