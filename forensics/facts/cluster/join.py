"""Which state directories belong to one cluster, and which of them are one and the same node's.

Same: common entries, common members. Not the same: another bootstrap entry, logs that part before either had a
second member, or members none of whom the other knows. Neither: nothing to tell by, and then the directories of one
product are one cluster. Every bootstrap of a product writes the same first commands (the schema), and every founder
has one of two IDs: neither is proof (docs/reference/raft.md#bootstrap-and-ids).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

from forensics.facts.cluster.log_matching import agreement, first_difference
from forensics.facts.cluster.membership import Membership, node_membership
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
    links = [_link(one, other) for one, other in combinations(map(_side, nodes), 2)]
    groups = _Groups(node.name for node in nodes)
    for link in links:
        if link.same:
            groups.merge(*link.nodes)
    for link in links:
        if link.same is False:
            groups.part(*link.nodes)
    for link in links:  # only then those that nothing tells apart
        if not groups.parted(*link.nodes):
            groups.merge(*link.nodes)
    found: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        found[groups.of[node.name]].append(node)
    return list(found.values()), links


def belongs_to(node: Node, group: list[Node]) -> bool:
    """Whether a node's content ties it to one of the group, and to none other than by that."""
    links = [link(node, other) for other in group]
    return any(link.same for link in links) and not any(link.same is False for link in links)


def link(one: Node, other: Node) -> Link:
    """What two directories' contents say of belonging to one cluster, at one time or at two."""
    return _link(_side(one), _side(other))


def _placed(node: Node) -> EntryArrays:
    """Its entries, but for those that seem to begin a log, and do not begin as a log does: they have other indexes."""
    return EntryArrays(tuple(part for part in intact_arrays_of(node).stretches if part.first > 1 or part.founds))


class _Groups:
    """Names that belong together.

    Attributes:
        of: the number of each name's group.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.of = {name: number for number, name in enumerate(names)}
        self._names = {number: [name] for name, number in self.of.items()}
        self._apart: dict[int, set[int]] = defaultdict(set)  # groups that something tells from this one

    def merge(self, one: str, other: str) -> None:
        """They belong together, with all that belong to them."""
        new, old = self.of[one], self.of[other]
        if new == old:
            return
        moved = self._names.pop(old)
        self._names[new] += moved
        self.of |= dict.fromkeys(moved, new)
        for third in self._apart.pop(old, ()):
            self._apart[third].discard(old)
            self._apart[third].add(new)
            self._apart[new].add(third)

    def part(self, one: str, other: str) -> None:
        """Something tells them apart; that changes nothing for those that belong together already."""
        first, second = self.of[one], self.of[other]
        if first != second:
            self._apart[first].add(second)
            self._apart[second].add(first)

    def parted(self, one: str, other: str) -> bool:
        """Something tells their groups apart."""
        return self.of[other] in self._apart[self.of[one]]


@dataclass(frozen=True, slots=True)
class _Side:
    """What one directory tells of its cluster.

    Attributes:
        founding: a checksum of the bootstrap configuration: entry 1, of term 1.
        configurations: (index, checksum) of all.
        sure: those that two clusters cannot hold by accident, in order.
        telling: checksums of those, at whatever index, that no other cluster can have.
        known: (ID, address) of all members that it tells of; not its own info.yaml.
        telling_ids: those of them which are no other cluster's: random ones.
    """

    node: Node
    arrays: EntryArrays
    founding: int | None
    configurations: frozenset[tuple[int, int]]
    sure: tuple[tuple[int, int], ...]
    telling: frozenset[int]
    known: frozenset[tuple[int | None, str | None]]
    telling_ids: frozenset[int]

    @property
    def alone(self) -> bool:
        """The only member it knows of is itself, where no other machine can reach it: MicroK8s without a cluster."""
        known = self.known | {(self.node.id, self.node.address)}
        return len(known) == 1 and (self.node.address or "").startswith(_LOOPBACK)


def _side(node: Node) -> _Side:
    events = node_membership(node)
    digests = {event.index: configuration_digest(event.configuration) for event in events}
    telling = frozenset(digests[event.index] for event in events if _has_telling(event))
    several = {event.index for event in events if len(event.configuration.servers) > 1}
    known = _acquaintances(node, events)
    return _Side(
        node,
        _placed(node),
        next((digests[event.index] for event in events if event.index == 1 and event.term in (None, 1)), None),
        frozenset(digests.items()),
        tuple((index, digest) for index, digest in digests.items() if digest in telling or index in several),
        telling,
        known,
        frozenset(one for one, _ in known if one and _is_telling(one)),
    )


def _has_telling(event: Membership) -> bool:
    return any(_is_telling(server.id) for server in event.configuration.servers)


def _acquaintances(node: Node, events: Iterable[Membership]) -> frozenset[tuple[int | None, str | None]]:
    known: set[tuple[int | None, str | None]] = {
        (server.id, server.address) for event in events for server in event.configuration.servers
    }
    if node.cluster and node.cluster.value:
        known |= {(member.id, member.address) for member in node.cluster.value.members}
    return frozenset(known)


def _link(one: _Side, other: _Side) -> Link:
    names = (one.node.name, other.node.name)
    if one.founding and other.founding and one.founding != other.founding:
        return Link(names, False, LinkReason.OWN_BOOTSTRAPS)
    if shared := next((pair[0] for pair in other.sure if pair in one.configurations), None):
        return Link(names, True, LinkReason.SHARED_CONFIGURATION, shared)
    if one.alone and other.alone and same_machine(one.node, other.node) is False:
        return Link(names, False, LinkReason.OWN_LOOPBACKS)
    if one.telling & other.telling:  # segments with each other's names move entries
        return Link(names, True, LinkReason.SAME_MEMBERS)
    by_logs = _by_logs(names, one.arrays, other.arrays)
    return by_logs or _by_identity(one, other) or Link(names, None, LinkReason.NOTHING)


def _by_logs(names: tuple[str, str], one: EntryArrays, other: EntryArrays) -> Link | None:
    common, difference = agreement(one, other), first_difference(one, other)
    if common > _SCHEMA_ENTRIES or (common > 1 and difference is None):
        return Link(names, True, LinkReason.EQUAL_ENTRIES, common)
    if difference is not None:
        return Link(names, False, LinkReason.DIFFERENT_ENTRIES, difference.first)
    return None


def _by_identity(one: _Side, other: _Side) -> Link | None:
    """Who they are and whom they know: IDs with addresses."""
    names = (one.node.name, other.node.name)
    for me, you in ((one.node, other), (other.node, one)):
        if me.id is not None and (me.id, me.address) in you.known:
            return Link(names, True, LinkReason.KNOWN_AS_MEMBER, knower=you.node.name)
    if any(known for known, _ in one.known & other.known):
        return Link(names, True, LinkReason.SAME_MEMBERS)
    mine, its = one.node.id, other.node.id
    if mine is not None and mine == its and mine not in FOUNDER_IDS:
        return Link(names, True, LinkReason.SAME_ID)
    if one.telling_ids and other.telling_ids and not one.telling_ids & other.telling_ids:
        return Link(names, False, LinkReason.NO_COMMON_MEMBER)
    return None


def _is_telling(server_id: int) -> bool:
    return server_id >= _CHOSEN_ID_MIN and server_id not in FOUNDER_IDS


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
