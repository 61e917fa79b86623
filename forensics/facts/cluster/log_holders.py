"""Who holds what of whose history: the nodes' logs and snapshots, ready to be asked.

Everything is asked of one node's own history; where two histories part, each is asked for itself.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from forensics.facts.cluster.log_matching import Difference, first_difference
from forensics.facts.cluster.log_position import effective_last_term
from forensics.facts.cluster.membership import Membership, node_membership
from forensics.facts.cluster.same_server import are_two
from forensics.facts.log.entry_arrays import EntryArrays, configuration_digest, entry_arrays_of
from forensics.facts.node.node import Grade, Node
from forensics.ingest.raft_names import parse_closed, parse_corrupt
from forensics.ingest.roles import FileRole
from forensics.limits import SEGMENT_BYTES_MAX
from forensics.parsers.configuration import Server
from forensics.parsers.roles import Role
from forensics.parsers.segment_walk import parse_segment


@dataclass(frozen=True, slots=True)
class Reign:
    """A configuration and the indexes that it was in force for: to the entry before the next, or to the end.

    Attributes:
        last: the last of these indexes; None for the newest configuration of a history.
    """

    event: Membership
    last: int | None

    @property
    def voters(self) -> tuple[Server, ...]:
        """Who decides."""
        return self.event.configuration.voters()

    @property
    def needed(self) -> int:
        """How many of them are a majority."""
        return len(self.voters) // 2 + 1

    def clip(self, index: int) -> int:
        """The index, or the last one that the configuration was in force for."""
        return index if self.last is None else min(index, self.last)


class LogHolders:
    """The nodes' histories side by side.

    Args:
        nodes: one directory a server: copies and older states of the same server left out.
    """

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.arrays: dict[str, EntryArrays] = {node.name: entry_arrays_of(node) for node in nodes}
        self.by_id = {node.id: node for node in nodes if node.id is not None}
        self.by_id |= stand_ins(nodes, self.by_id)
        self._events = _events(nodes)
        self._whole = {node.name: _is_whole(node) for node in nodes}
        self._differences: dict[tuple[str, str], Difference | None] = {}

    def lost(self, names: Iterable[str]) -> None:
        """These voters lost what they had acknowledged: from now on they count as if they may have held more."""
        self._whole |= dict.fromkeys(names, False)

    def reigns(self, node: Node) -> list[Reign]:
        """The configurations of a node's history, oldest first."""
        events = self._events[node.name]
        ends: list[int | None] = [after.index - 1 for _, after in pairwise(events)]
        return [Reign(event, last) for event, last in zip(events, [*ends, None], strict=False)]

    def last(self, node: Node) -> int:
        """The end of a node's history; 0 where it has none."""
        return max(self.arrays[node.name].last or 0, node.last_index or 0)

    def difference(self, one: Node, other: Node) -> Difference | None:
        """Where their logs first differ."""
        key = (one.name, other.name)
        if key not in self._differences:
            found = first_difference(self.arrays[one.name], self.arrays[other.name])
            self._differences[key] = self._differences[key[::-1]] = found
        return self._differences[key]

    def contradicts(self, one: Node, other: Node) -> bool:
        """They differ within one term, which raft does not do: one of them lost entries, or they were changed."""
        difference = self.difference(one, other)
        if difference is None or self.term_at(one, difference.first) != self.term_at(other, difference.first):
            return False
        return not any(
            event.forced and event.index == difference.first
            for node in (one, other)
            for event in self._events[node.name]
        )

    def agrees_to(self, node: Node, other: Node) -> int:
        """The last index up to which `other` is seen to hold this node's history; what a snapshot covers included."""
        if node is other:
            return self.last(node)
        difference = self.difference(node, other)
        limit = self.last(node) if difference is None else difference.first - 1
        seen = [min(last, limit) for first, last in self._overlaps(node, other) if first <= limit]
        seen += [index for index in self._met_by_snapshot(node, other) if index <= limit]
        return max(seen, default=0)

    def _overlaps(self, node: Node, other: Node) -> Iterator[tuple[int, int]]:
        for a in self.arrays[node.name].stretches:
            for b in self.arrays[other.name].stretches:
                first, last = max(a.first, b.first), min(a.last, b.last)
                if first <= last:
                    yield first, last

    def _met_by_snapshot(self, node: Node, other: Node) -> Iterator[int]:
        """Indexes at which a snapshot of the one and the history of the other have one term: equal up to there."""
        for one, two in ((node, other), (other, node)):
            for snapshot in one.snapshots:
                if snapshot.paired and self.term_at(two, snapshot.name.index) == snapshot.name.term:
                    yield snapshot.name.index

    def term_at(self, node: Node, index: int) -> int | None:
        """The term of an entry, from the log or a snapshot's name."""
        key = self.arrays[node.name].key(index)
        if key is not None:
            return key[0]
        return next((s.name.term for s in node.snapshots if s.paired and s.name.index == index), None)

    def term_start(self, node: Node, index: int) -> int:
        """The first index of the stretch of one term that holds `index`."""
        part = next((p for p in self.arrays[node.name].stretches if p.first <= index <= p.last), None)
        if part is None:
            return index
        at = index - part.first
        while at > 0 and part.terms[at - 1] == part.terms[at]:
            at -= 1
        return part.first + at

    def here(self, reign: Reign) -> list[Node]:
        """Voters with a directory."""
        return [self.by_id[voter.id] for voter in reign.voters if voter.id in self.by_id]

    def whole(self, node: Node, reign: Reign) -> list[Node]:
        """Voters of whom it is known what they hold of a node's history: all arrived, nothing of it is lost."""
        return [
            other
            for other in self.here(reign)
            if self._whole[other.name] and (other is node or not self.contradicts(node, other))
        ]

    def no_later_term(self, reign: Reign, term: int) -> bool:
        """All voters are at hand, and none holds an entry of a later term."""
        here = self.here(reign)
        return len(here) == len(reign.voters) and all(
            self._whole[other.name] and (effective_last_term(other) or 0) <= term for other in here
        )

    def replaced_from(self, node: Node) -> tuple[int, int, Node] | None:
        """From which index on this node's entries were not committed in their terms: (index, later term, who shows it).

        A leader has every entry that was committed before its term. Where another history has an entry of a later
        term at an index, that term's leader had not this one. Only a leader of a term later still, who had it, can
        have committed it since: nothing is said of a history that holds entries of such a term, and nothing where a
        configuration was forced on either side.
        """
        found: list[tuple[int, int, Node]] = []
        reached = effective_last_term(node) or 0
        for other in self.nodes:
            for index in self._met(node, other):
                mine, its = self.term_at(node, index), self.term_at(other, index)
                if mine is not None and its is not None and reached < its and self._one_electorate(node, other, index):
                    found.append((index, its, other))
        return min(found, key=lambda one: one[0], default=None)

    def extended(self, node: Node, index: int, term: int) -> bool:
        """A history at hand goes on from this node's, at the index at least, to a later term than that."""
        return any(
            self.agrees_to(node, other) >= index and (effective_last_term(other) or 0) > term for other in self.nodes
        )

    def _met(self, node: Node, other: Node) -> Iterator[int]:
        """Indexes at which a node's log can be held against another's log or snapshot, where they differ."""
        difference = self.difference(node, other)
        if difference is not None and not difference.agree_again:
            yield difference.first
        yield from (snapshot.name.index for snapshot in other.snapshots if snapshot.paired and other is not node)

    def _one_electorate(self, node: Node, other: Node, index: int) -> bool:
        """Both had the same members when they parted, and nobody forced others on this side since."""
        before = []
        for one in (node, other):
            known = [event for event in self._events[one.name] if event.index < index]
            before.append((known[-1].index, configuration_digest(known[-1].configuration)) if known else None)
        forced = any(event.forced and event.index >= index for event in self._events[node.name])
        return before[0] is not None and before[0] == before[1] and not forced


def _events(nodes: list[Node]) -> dict[str, list[Membership]]:
    """Each node's configurations; one that shows on any node that it was forced is forced on all."""
    events = {node.name: node_membership(node) for node in nodes}
    forced = {
        (event.index, configuration_digest(event.configuration)): event.forced
        for own in events.values()
        for event in own
        if event.forced
    }
    return {
        name: [
            replace(event, forced=forced.get((event.index, configuration_digest(event.configuration)))) for event in own
        ]
        for name, own in events.items()
    }


def stand_ins(nodes: Sequence[Node], known: Container[int]) -> dict[int, Node]:
    """Nodes that do not say who they are, as some voter each: for counting, it does not matter which is which.

    Only where no two of them can be one node at two times.

    Args:
        nodes: those at hand.
        known: IDs of those who do say.
    """
    strangers = [node for node in nodes if node.id is None]
    configuration = max(
        (node.configuration for node in nodes if node.configuration), key=lambda c: c.index, default=None
    )
    if not strangers or configuration is None:
        return {}
    free = [server for server in configuration.configuration.servers if server.id not in known]
    if len(free) != len(strangers) or any(server.role is not Role.VOTER for server in free):
        return {}
    if any(not are_two(one, other) for one, other in combinations(strangers, 2)):
        return {}
    return {server.id: node for server, node in zip(free, strangers, strict=True)}


def _is_whole(node: Node) -> bool:
    """Nothing of its log is missing. A damaged or partial log, or one that self-repair cut, may have held more."""
    something = bool(node.snapshots or node.log.closed or node.log.open)
    readable = node.log.known_by_content and not node.log.damaged()
    return node.grade is Grade.FULL and something and readable and not _cut_by_repair(node)


def _cut_by_repair(node: Node) -> bool:
    """Self-repair moved away entries that the log may still lack. It has them again once it holds an entry of a
    later term, or the index that a closed segment ended at (docs/reference/start.md#self-repair).
    """
    for file in node.state.of_role(FileRole.CORRUPT):
        name = parse_corrupt(file.name)
        closed = parse_closed(name.original) if name else None
        if closed is not None and (node.last_index or 0) >= closed.last:
            continue
        if file.blob is None or file.blob.size > SEGMENT_BYTES_MAX:
            return True
        terms = parse_segment(memoryview(file.blob.read()), file.at.path).terms
        if not terms or (effective_last_term(node) or 0) <= max(terms):
            return True
    return False
