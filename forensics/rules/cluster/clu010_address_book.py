"""CLU010: a cluster.yaml that lists other members than the raft configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.ever_members import ever_members, may_be_newer
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.configuration import Configuration, Server
from forensics.parsers.member_record import MemberRecord
from forensics.parsers.roles import Role
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, sentences


class Wrong(Enum):
    """How a member in cluster.yaml differs from the configuration."""

    MISSING = "missing"
    OTHER_ID = "other-id"
    OTHER_ADDRESS = "other-address"
    OTHER_ROLE = "other-role"
    NO_MEMBER = "no-member"


@dataclass(frozen=True, slots=True)
class Difference:
    """One member, as cluster.yaml has it and as the configuration has it.

    Attributes:
        address: the configuration's; of NO_MEMBER and OTHER_ADDRESS, that of cluster.yaml.
        listed, right: what differs, in cluster.yaml and in the configuration: IDs, addresses or roles; None where
            there is nothing to compare.
        id: that cluster.yaml has, where it is not a member's.
    """

    wrong: Wrong
    address: str | None
    listed: str | None = None
    right: str | None = None
    id: str | None = None

    def words(self) -> str:
        """One sentence."""
        return {
            Wrong.MISSING: f"{self.address} is missing.",
            Wrong.OTHER_ID: f"{self.address} has ID {self.listed}, not {self.right}.",
            Wrong.OTHER_ADDRESS: f"A member is listed at {self.listed}, not at {self.right}.",
            Wrong.OTHER_ROLE: f"{self.address} is listed as {self.listed}, not as {self.right}.",
            Wrong.NO_MEMBER: f"{self.address} is listed, but is no member.",
        }[self.wrong]


@dataclass(frozen=True, slots=True)
class OldAddressBook:
    """A cluster.yaml that differs from the raft configuration.

    Attributes:
        configuration: the entry of the configuration that it is compared with.
        differences: one a member.
        none_left: no address in it is a member's any more.
    """

    kind: ClassVar[str] = "old-address-book"
    node: str
    configuration: int
    differences: tuple[Difference, ...]
    none_left: bool

    def words(self, severity: Severity) -> Words:
        """See Problem."""
        write = (
            f"Write the current members into cluster.yaml of {self.node}, with the node stopped: it finds no leader "
            "otherwise."
        )
        return Words(
            f"cluster.yaml of {self.node} does not list the current members",
            sentences(
                f"It was compared with the configuration of entry {self.configuration}.",
                *(difference.words() for difference in self.differences),
                "No address in it is a member's any more." if self.none_left else "",
            ),
            write if severity is Severity.MEDIUM else None,
        )


@dataclass(frozen=True, slots=True)
class NeverAMember:
    """A cluster.yaml with an ID that the cluster never had.

    Attributes:
        id: the ID; address: where the file has it.
        last_index: the end of the log that tells it.
    """

    kind: ClassVar[str] = "never-a-member"
    node: str
    id: str
    address: str | None
    last_index: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"cluster.yaml of {self.node} lists ID {self.id}, which was never a member of this cluster",
            sentences(
                f"The file has it at {self.address}." if self.address else "",
                f"The log is complete from entry 1 to {self.last_index}, and no configuration in it has this ID: the "
                "file was edited by hand, or is that of another cluster.",
            ),
            f"Find out who wrote cluster.yaml of {self.node}, and whether other files of this directory come from "
            "elsewhere too. Write the current members into it, with the node stopped.",
        )


@rule(
    "CLU010",
    "cluster.yaml does not list the current members",
    Severity.INFO,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Cluster,
    needs=(Needs.CLUSTER, Needs.CONFIGURATION),
    fires_on=("cluster/old-address-book", "cluster/foreign-id"),
    silent_on=("healthy/running-111", "healthy/stopped-111"),
)
def address_book(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    IDs, addresses and roles in every cluster.yaml, against the newest configuration of the node that got furthest. A
    node with a history of its own that got as far is compared with its own configuration. Where the log is complete
    from entry 1 on, it also tells of IDs that were in no configuration at all.
    ## Why it matters
    cluster.yaml is an address book for finding a leader. The node writes it anew every 30 seconds (10 with
    microcluster) from what the leader says, and no more once it stops, so it is often out of date. Raft does not read
    it. It matters only if no address in it is a member's any more: then the node finds nobody. An ID that never was in
    the cluster is no delay: somebody edited the file, or it belongs to another cluster.
    ## False alarm if
    The members changed a moment ago: the file follows one round later.
    ## What to do
    Nothing, while at least one address in it is a member's.
    ## References
    docs/reference/go-dqlite.md#what-the-files-mean; canonical/go-dqlite#311
    """
    newest = cluster.configuration
    if newest is None:
        return
    if cluster.configuration_may_be_older:
        yield NotChecked("a newer configuration may lie in what did not arrive", "configuration-may-be-older")
        return
    ever = ever_members(cluster)
    for node in cluster.originals():
        members = node.cluster.value if node.cluster else None
        if members is None:
            continue
        strange = _never_members(cluster, node, members.members, ever)
        yield from _strange(cluster, node, strange)
        own = node.configuration
        against = own if own and own.index >= newest.index else newest
        differences = tuple(_other_differences(node, against.configuration, strange))
        if differences:
            none_left = not {m.address for m in members.members} & {s.address for s in against.configuration.servers}
            yield Finding(
                OldAddressBook(node.name, against.index, differences, none_left),
                (members.at, against.configuration.at),
                Severity.MEDIUM if none_left and len(members.members) > 0 else None,
                nodes=(node.name,),
                where=("cluster.yaml",),
            )


def _never_members(
    cluster: Cluster, node: Node, listed: Iterable[MemberRecord], ever: frozenset[int] | None
) -> list[MemberRecord]:
    """IDs that no configuration had, nor any directory that arrived: such a one may still be on its way in."""
    if ever is None or may_be_newer(node, "cluster.yaml"):
        return []
    known = ever | {one.id for one in cluster.nodes}
    return [member for member in listed if member.id and member.id not in known]


def _strange(cluster: Cluster, node: Node, members: Iterable[MemberRecord]) -> Iterator[Finding]:
    last = max((one.last_index or 0 for one in cluster.originals()), default=0)
    for member in members:
        problem = NeverAMember(node.name, str(member.id), member.address, last)
        yield Finding(problem, (member.at,), Severity.MEDIUM, nodes=(node.name,), where=(problem.id,))


def _other_differences(node: Node, configuration: Configuration, told: Sequence[MemberRecord]) -> Iterator[Difference]:
    """Without those of IDs that are told already."""
    ids = {str(member.id) for member in told}
    yield from (one for one in _differences(node, configuration) if one.id not in ids)


def _differences(node: Node, configuration: Configuration) -> Iterator[Difference]:
    """Members that both have and tell the same of are left out."""
    listed = node.cluster.value.members if node.cluster and node.cluster.value else ()
    by_id = {member.id: member for member in listed if member.id}
    for server in configuration.servers:
        member = by_id.get(server.id) or next((m for m in listed if m.address == server.address), None)
        if difference := _difference(server, member):
            yield difference
    ids = {server.id for server in configuration.servers}
    addresses = {server.address for server in configuration.servers}
    for member in listed:
        if member.id and member.id not in ids and member.address not in addresses:
            yield Difference(Wrong.NO_MEMBER, member.address, id=str(member.id))


def _difference(server: Server, member: MemberRecord | None) -> Difference | None:
    if member is None:
        return Difference(Wrong.MISSING, server.address)
    if member.id and member.id != server.id:
        return Difference(Wrong.OTHER_ID, server.address, str(member.id), str(server.id), str(member.id))
    if member.address != server.address:
        return Difference(Wrong.OTHER_ADDRESS, member.address, member.address, server.address)
    if member.role != server.role and member.id:
        return Difference(Wrong.OTHER_ROLE, server.address, _role(member.role), _role(server.role))
    return None


def _role(role: Role | None) -> str:
    return role.value if role else "a member of unknown role"
