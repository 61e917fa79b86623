"""Lists of members beside what a machine's own addresses are: which of the members could be that machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Case
from forensics.facts.cluster.yaml_membership import host_part, is_ip
from forensics.facts.machine.host import Host
from forensics.parsers.machine_addresses import MachineAddresses, is_own_address
from forensics.parsers.member_tables import Table


@dataclass(frozen=True, slots=True)
class ListedMember:
    """A member of a list: its name, empty where none is told, and its address without the port."""

    name: str
    address: str
    at: Span


@dataclass(frozen=True, slots=True)
class ListedMembers:
    """Members one of which is the machine.

    Attributes:
        members: those that bear the machine's name, else all of the list.
        machine: its addresses, each with its line.
        name: of the machine, where members bear it; else empty.
    """

    members: tuple[ListedMember, ...]
    machine: Mapping[str, Span]
    name: str = ""


def listed_members_of(case: Case) -> Iterator[ListedMembers]:
    """The newest list of each kind of each text, with the machine in the same text, or else in the same folder.

    Lists with a member whose address is a name, masked or cut are left out: it may be the machine. So is a list where
    the addresses of several machines stand beside it, and none of their names is in it.
    """
    for host in case.hosts:
        for members in _lists(case, host):
            machines = _beside(members[0].at.path, host)
            found = [_of_machine(members, machine) for machine in machines]
            yield from (one for one in found if one.name or len(machines) == 1)


def _lists(case: Case, host: Host) -> Iterator[tuple[ListedMember, ...]]:
    for told in chain(_newest_tables(host), _books(case, host)):
        if told and all(is_ip(member.address) and is_own_address(member.address) for member in told):
            yield told


def _newest_tables(host: Host) -> Iterable[tuple[ListedMember, ...]]:
    """Of each text and kind."""
    return {
        (table.at.path, table.kind): tuple(
            ListedMember(row.name, host_part(row.address) or "", row.at) for row in table.rows
        )
        for table in host.member_tables
        if table.kind is not Table.CHANGES
    }.values()


def _books(case: Case, host: Host) -> Iterator[tuple[ListedMember, ...]]:
    """cluster.yaml of nodes without info.yaml, which would say more."""
    for node in case.nodes_of(host):
        if node.info is None and node.cluster is not None and node.cluster.value is not None:
            members = node.cluster.value.members
            yield tuple(ListedMember("", host_part(member.address) or "", member.at) for member in members)


def _beside(path: str, host: Host) -> list[MachineAddresses]:
    """The machines of the same text; else that of the same folder."""
    if not host.by_hand:
        return [MachineAddresses(dict(host.addresses), host.name)] if host.addresses else []
    same = [machine for machine in host.machines if _path(machine) == path]
    folder = path.rpartition("/")[0]
    near = [machine for machine in host.machines if _path(machine).rpartition("/")[0] == folder]
    return same or (near if len(near) == 1 else [])


def _path(machine: MachineAddresses) -> str:
    return next(iter(machine.addresses.values())).path


def _of_machine(members: Iterable[ListedMember], machine: MachineAddresses) -> ListedMembers:
    named = tuple(member for member in members if machine.host and _label(member.name) == _label(machine.host))
    if named and machine.host:
        return ListedMembers(named, machine.addresses, machine.host)
    return ListedMembers(tuple(members), machine.addresses)


def _label(name: str) -> str:
    return name.partition(".")[0].lower()
