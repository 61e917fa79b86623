"""Which state directories belong to one cluster, and which of them are one and the same node's.

Same: common entries, common members. Not the same: another bootstrap entry, logs that part before either had a
second member, or members none of whom the other knows. Neither: nothing to tell by, and then the directories of one
product are one cluster. Every bootstrap of a product writes the same first commands (the schema), and every founder
has one of two IDs: neither is proof (docs/reference/raft.md#bootstrap-and-ids).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

from forensics.facts.cluster.log_matching import agreement, first_difference
from forensics.facts.cluster.membership import node_membership
from forensics.facts.log.entry_arrays import EntryArrays, configuration_digest, intact_arrays_of
from forensics.facts.node.node import CONTENT_GRADES, Node
from forensics.on_disk import FOUNDER_IDS

_CHOSEN_ID_MIN = 1 << 32  # joiners of go-dqlite applications get a random 64-bit ID; LXD counts 2, 3, …
_LOOPBACK = ("127.", "localhost:", "[::1]:")
_SCHEMA_ENTRIES = 16  # so many equal entries any two bootstraps of one product may share


class LinkReason(Enum):
    """What shows that two directories are of one cluster, or are not."""

    OWN_BOOTSTRAPS = "own-bootstraps"
    SHARED_CONFIGURATION = "shared-configuration"  # `number`: its entry
    OWN_LOOPBACKS = "own-loopbacks"  # each is the only member on its own machine's loopback address
    EQUAL_ENTRIES = "equal-entries"  # `number`: how many
    DIFFERENT_ENTRIES = "different-entries"  # `number`: the first that differs
    KNOWN_AS_MEMBER = "known-as-member"  # `knower` lists the other as a member
    SAME_MEMBERS = "same-members"
    SAME_ID = "same-id"
    NO_COMMON_MEMBER = "no-common-member"
    NOTHING = "nothing"  # nothing to tell by


@dataclass(frozen=True, slots=True)
class Link:
    """What two directories' contents say of belonging together.

    Attributes:
        same: yes, no, or None where they do not tell.
        number, knower: see LinkReason.
    """

    nodes: tuple[str, str]
    same: bool | None
    reason: LinkReason
    number: int | None = None
    knower: str | None = None


class CopyKind(Enum):
    """How two directories with one node's identity relate. Values are the words of report.json."""

    IDENTICAL = "identical"
    OLDER = "older"  # an earlier state of the same node
    FORKED = "forked"  # each went on by itself
    LOOK = "look"  # the same directory again, by names or YAML alone: a report beside the copy
    UNKNOWN = "unknown"  # too little content to compare


@dataclass(frozen=True, slots=True)
class Copy:
    """A directory that carries another's ID.

    Attributes:
        node: the copy.
        of: the one that counts: with content, and furthest in its log.
        kind: see CopyKind.
    """

    node: str
    of: str
    kind: CopyKind


def join(nodes: list[Node]) -> tuple[list[list[Node]], list[Link]]:
    """Groups of nodes, each one cluster, in input order; and what each pair of nodes said."""
    arrays = {node.name: _placed(node) for node in nodes}
    links = [_link(one, other, arrays[one.name], arrays[other.name]) for one, other in combinations(nodes, 2)]
    group = {node.name: number for number, node in enumerate(nodes)}
    for link in links:
        if link.same:
            _merge(group, *link.nodes)
    for link in links:  # only then those that nothing tells apart
        if group[link.nodes[0]] != group[link.nodes[1]] and not _contradicted(group, link.nodes, links):
            _merge(group, *link.nodes)
    numbers = dict.fromkeys(group[node.name] for node in nodes)
    return [[node for node in nodes if group[node.name] == number] for number in numbers], links


def belongs_to(node: Node, group: list[Node]) -> bool:
    """Whether a node's content ties it to one of the group, and to none other than by that."""
    links = [link(node, other) for other in group]
    return any(link.same for link in links) and not any(link.same is False for link in links)


def link(one: Node, other: Node) -> Link:
    """What two directories' contents say of belonging to one cluster, at one time or at two."""
    return _link(one, other, _placed(one), _placed(other))


def _placed(node: Node) -> EntryArrays:
    """Its entries, but for those that seem to begin a log, and do not begin as a log does: they have other indexes."""
    return EntryArrays(tuple(part for part in intact_arrays_of(node).stretches if part.first > 1 or part.founds))


def _merge(group: dict[str, int], one: str, other: str) -> None:
    old, new = group[other], group[one]
    for name, number in group.items():
        if number == old:
            group[name] = new


def _contradicted(group: dict[str, int], pair: tuple[str, str], links: list[Link]) -> bool:
    numbers = {group[pair[0]], group[pair[1]]}
    return any(link.same is False and {group[name] for name in link.nodes} == numbers for link in links)


def _link(one: Node, other: Node, mine: EntryArrays, others: EntryArrays) -> Link:
    names = (one.name, other.name)
    foundings = (_founding(one), _founding(other))
    if all(foundings) and foundings[0] != foundings[1]:
        return Link(names, False, LinkReason.OWN_BOOTSTRAPS)
    if shared := _shared_configuration(one, other):
        return Link(names, True, LinkReason.SHARED_CONFIGURATION, shared)
    if _alone(one) and _alone(other) and same_machine(one, other) is False:
        return Link(names, False, LinkReason.OWN_LOOPBACKS)
    if _telling_configurations(one) & _telling_configurations(other):  # segments with each other's names move entries
        return Link(names, True, LinkReason.SAME_MEMBERS)
    return _by_logs(names, mine, others) or _by_identity(one, other) or Link(names, None, LinkReason.NOTHING)


def _founding(node: Node) -> int | None:
    """A checksum of the bootstrap configuration: entry 1, of term 1."""
    events = (event for event in node_membership(node) if event.index == 1 and event.term in (None, 1))
    return next((configuration_digest(event.configuration) for event in events), None)


def _shared_configuration(one: Node, other: Node) -> int | None:
    """The index of a configuration that both hold and that two clusters cannot hold by accident."""
    mine = {(event.index, configuration_digest(event.configuration)) for event in node_membership(one)}
    for event in node_membership(other):
        telling = any(_is_telling(server.id) for server in event.configuration.servers)
        several = len(event.configuration.servers) > 1
        if (telling or several) and (event.index, configuration_digest(event.configuration)) in mine:
            return event.index
    return None


def _telling_configurations(node: Node) -> set[int]:
    """Checksums of its configurations, at whatever index, that no other cluster can have."""
    return {
        configuration_digest(event.configuration)
        for event in node_membership(node)
        if any(_is_telling(server.id) for server in event.configuration.servers)
    }


def _by_logs(names: tuple[str, str], one: EntryArrays, other: EntryArrays) -> Link | None:
    common, difference = agreement(one, other), first_difference(one, other)
    if common > _SCHEMA_ENTRIES or (common > 1 and difference is None):
        return Link(names, True, LinkReason.EQUAL_ENTRIES, common)
    if difference is not None:
        return Link(names, False, LinkReason.DIFFERENT_ENTRIES, difference.first)
    return None


def _by_identity(one: Node, other: Node) -> Link | None:
    """Who they are and whom they know: IDs with addresses."""
    names = (one.name, other.name)
    for me, you in ((one, other), (other, one)):
        if me.id is not None and (me.id, me.address) in _acquaintances(you):
            return Link(names, True, LinkReason.KNOWN_AS_MEMBER, knower=you.name)
    common = {pair for pair in _acquaintances(one) & _acquaintances(other) if pair[0]}
    if common:
        return Link(names, True, LinkReason.SAME_MEMBERS)
    if one.id is not None and other.id is not None and one.id == other.id and one.id not in FOUNDER_IDS:
        return Link(names, True, LinkReason.SAME_ID)
    mine, others = _telling(one), _telling(other)
    if mine and others and not mine & others:
        return Link(names, False, LinkReason.NO_COMMON_MEMBER)
    return None


def _alone(node: Node) -> bool:
    """The only member it knows of is itself, where no other machine can reach it: MicroK8s without a cluster."""
    known = _acquaintances(node) | {(node.id, node.address)}
    return len(known) == 1 and (node.address or "").startswith(_LOOPBACK)


def _telling(node: Node) -> set[int]:
    """IDs of the members that it tells of which are no other cluster's: random ones."""
    return {known for known, _ in _acquaintances(node) if known and _is_telling(known)}


def _is_telling(server_id: int) -> bool:
    return server_id >= _CHOSEN_ID_MIN and server_id not in FOUNDER_IDS


def _acquaintances(node: Node) -> set[tuple[int | None, str | None]]:
    """(ID, address) of all members that it tells of; not its own info.yaml."""
    known: set[tuple[int | None, str | None]] = {
        (server.id, server.address) for event in node_membership(node) for server in event.configuration.servers
    }
    if node.cluster and node.cluster.value:
        known |= {(member.id, member.address) for member in node.cluster.value.members}
    return known


def find_copies(nodes: Iterable[Node]) -> list[Copy]:
    """Directories that carry an ID which a directory further on carries too."""
    by_id: dict[int, list[Node]] = {}
    for node in nodes:
        if node.id is not None:
            by_id.setdefault(node.id, []).append(node)
    copies = []
    for same in by_id.values():
        if len(same) > 1:
            best = min(
                same, key=lambda node: ([-number for number in _progress(node)], node.name.count("/"), node.name)
            )
            copies += [Copy(node.name, best.name, _copy_kind(node, best)) for node in same if node is not best]
    return copies


def _progress(node: Node) -> tuple[int, int, int, int]:
    """How much is known of a node, and how far it got: last index, and its metadata's version."""
    content = int(node.grade in CONTENT_GRADES)
    return content, node.last_index or 0, node.metadata.version if node.metadata else 0, len(node.state.files)


def _copy_kind(node: Node, best: Node) -> CopyKind:
    one, other = intact_arrays_of(node), intact_arrays_of(best)
    if node.grade not in CONTENT_GRADES and node.address == best.address and same_machine(node, best) is not False:
        return CopyKind.LOOK
    if not one.stretches or not other.stretches:
        return CopyKind.UNKNOWN
    if first_difference(one, other) is not None:
        return CopyKind.FORKED
    same = one.last == other.last and _vote(node) == _vote(best)
    return CopyKind.IDENTICAL if same else CopyKind.OLDER


def same_machine(one: Node, other: Node) -> bool | None:
    """By the host names that collectors kept; None where one of them is not known."""
    hosts = [node.state.collection.host if node.state.collection else None for node in (one, other)]
    if None in hosts:
        return None
    short = {(host or "").partition(".")[0].lower() for host in hosts}
    return len(short) == 1


def _vote(node: Node) -> tuple[int, int, int] | None:
    metadata = node.metadata
    return (metadata.version, metadata.term, metadata.voted_for) if metadata else None
