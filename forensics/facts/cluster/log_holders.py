"""Who holds what of whose history: the nodes' logs and snapshots, ready to be asked.

Everything is asked of one node's own history; where two histories part, each is asked for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from forensics.facts.cluster.holdings import Holdings, holdings_of
from forensics.facts.cluster.log_matching import Difference, first_difference
from forensics.facts.cluster.membership import Membership, node_membership
from forensics.facts.cluster.stand_ins import nodes_by_id
from forensics.facts.log.entry_arrays import EntryArrays, configuration_digest
from forensics.facts.node.node import Node
from forensics.parsers.configuration import Server


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
        others: directories that arrived, and whose logs are not asked: their entries do not have their indexes.
    """

    def __init__(self, nodes: list[Node], others: Sequence[Node] = ()) -> None:
        self.nodes = nodes
        self.holdings: dict[str, Holdings] = {node.name: holdings_of(node) for node in nodes}
        self.arrays: dict[str, EntryArrays] = {name: held.arrays for name, held in self.holdings.items()}
        every = nodes_by_id([*nodes, *others])
        self.by_id = {server: node for server, node in every.items() if node.name in self.holdings}
        self._others = {server: node.name for server, node in every.items() if node.name not in self.holdings}
        self._whole = {name: held.whole for name, held in self.holdings.items()}
        self._differences: dict[tuple[str, str], Difference | None] = {}
        self._events = _events(nodes)
        self._events = {node.name: self._with_others(node) for node in nodes}

    def lost(self, names: Iterable[str]) -> None:
        """These voters lost what they had acknowledged: from now on they count as if they may have held more."""
        self._whole |= dict.fromkeys(names, False)

    def reigns(self, node: Node) -> list[Reign]:
        """The configurations of a node's history, oldest first."""
        events = self._events[node.name]
        ends: list[int | None] = [after.index - 1 for _, after in pairwise(events)]
        return [Reign(event, last) for event, last in zip(events, [*ends, None], strict=False)]

    def _with_others(self, node: Node) -> list[Membership]:
        """Its configurations, and those that it lacks of equal histories: behind damage, or trimmed away."""
        known = {event.index: event for event in self._events[node.name]}
        for other in self.nodes:
            shared = self.agrees_to(node, other)
            for event in self._events[other.name]:
                if event.index <= shared and (event.index not in known or known[event.index].term is None):
                    known[event.index] = event
        return [known[index] for index in sorted(known)]

    def certain_to(self, node: Node, reign: Reign) -> int:
        """The last index up to which no other configuration can have been in force: where the next could be unread."""
        at, end = reign.event.index, self.last(node) if reign.last is None else reign.last
        for first, last in sorted(self._covered(node, reign)):
            if first <= at + 1:
                at = max(at, last)
        return min(at, end)

    def _covered(self, node: Node, reign: Reign) -> Iterator[tuple[int, int]]:
        """Ranges of this history in which every change of the members is known."""
        for other in self.nodes:
            shared = self.agrees_to(node, other)
            yield from ((part.first, min(part.last, shared)) for part in self.arrays[other.name].stretches)
            for snapshot in other.snapshots:
                meta = snapshot.meta.value if snapshot.meta and snapshot.meta.whole else None
                if meta and meta.configuration_index == reign.event.index and snapshot.name.index <= shared:
                    yield meta.configuration_index, snapshot.name.index

    def last(self, node: Node) -> int:
        """The end of a node's history, as far as it is known of which term it is; 0 where it has none."""
        return self.holdings[node.name].stored

    def last_term(self, node: Node) -> int:
        """The term of that entry, seen past forced configurations; 0 where it is not known."""
        return self.holdings[node.name].term

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
        """The last index up to which `other` provably stored this node's history; what a snapshot covers included.

        Not all of it needs to be readable on it: what equals at an index and term equals before it.
        """
        if node is other:
            return self.last(node)
        difference = self.difference(node, other)
        limit = self.last(node) if difference is None else difference.first - 1
        seen = [min(last, limit) for first, last in self._overlaps(node, other) if first <= limit]
        seen += [index for index in self._met_by_snapshot(node, other) if index <= limit]
        agreed = max(seen, default=0)
        return agreed if difference else self._in_one_term(node, other, agreed)

    def _in_one_term(self, node: Node, other: Node, agreed: int) -> int:
        """Agreement goes on where both stored entries of one term that cannot be compared: a term has one leader."""
        one, two = self.holdings[node.name], self.holdings[other.name]
        end = min(one.stored, two.stored)
        if end <= agreed or agreed < min(one.read, two.read) or one.term_of(end) is None:
            return agreed
        same = one.term_of(end) == two.term_of(end)
        return end if same and all(held.term_start(end) <= agreed + 1 for held in (one, two)) else agreed

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
        term = self.holdings[node.name].term_of(index)
        if term is not None:
            return term
        return next((s.name.term for s in node.snapshots if s.paired and s.name.index == index), None)

    def term_start(self, node: Node, index: int) -> int:
        """The first index of the stretch of one term that holds `index`."""
        return self.holdings[node.name].term_start(index)

    def here(self, reign: Reign) -> list[Node]:
        """Voters with a directory."""
        return [self.by_id[voter.id] for voter in reign.voters if voter.id in self.by_id]

    def unasked(self, reign: Reign) -> Iterator[str]:
        """Voters whose directories arrived, and whose logs are not asked, by name."""
        return (self._others[voter.id] for voter in reign.voters if voter.id in self._others)

    def whole(self, node: Node, reign: Reign) -> list[Node]:
        """Voters of whom it is known what they hold of a node's history: all arrived, nothing of it is lost."""
        return [
            other
            for other in self.here(reign)
            if self._whole[other.name]
            and (other is node or not self.contradicts(node, other))
            and self._is_compared(node, other)
        ]

    def _is_compared(self, node: Node, other: Node) -> bool:
        """It is known how far the two are one history: nothing unreadable hides where one ends or they part."""
        if not (self.holdings[node.name].holes or self.holdings[other.name].holes):
            return True
        agreed, difference = self.agrees_to(node, other), self.difference(node, other)
        parted = difference is not None and difference.first == agreed + 1
        return parted or agreed in (self.last(node), self.last(other))

    def no_later_term(self, reign: Reign, term: int) -> bool:
        """All voters are at hand, and none holds an entry of a later term."""
        here = self.here(reign)
        return len(here) == len(reign.voters) and all(
            self._whole[other.name] and self.last_term(other) <= term for other in here
        )

    def forgot(self, node: Node, reign: Reign, term: int) -> bool:
        """Voters know the last term of a node's history and hold nothing of it, and the others are no majority.

        Who is not at hand counts as if it held all of it. Nothing is said of a history that others contradict.
        """
        without = [other for other in self.here(reign) if self._whole[other.name] and self.last_term(other) < term]
        know = any(other.metadata is not None and other.metadata.term >= term for other in without)
        if not know or len(reign.voters) - len(without) >= reign.needed:
            return False
        return not any(self.contradicts(node, other) for other in self.nodes if other is not node)

    def replaced_from(self, node: Node) -> tuple[int, int, Node] | None:
        """From which index on this node's entries were not committed in their terms: (index, later term, who shows it).

        A leader has every entry that was committed before its term. Where another history has an entry of a later
        term at an index, that term's leader had not this one. Only a leader of a term later still, who had it, can
        have committed it since: nothing is said of a history that holds entries of such a term, and nothing where a
        configuration was forced on either side.
        """
        found: list[tuple[int, int, Node]] = []
        reached = self.last_term(node)
        for other in self.nodes:
            for index in self._met(node, other):
                mine, its = self.term_at(node, index), self.term_at(other, index)
                if mine is not None and its is not None and reached < its and self._one_electorate(node, other, index):
                    found.append((index, its, other))
        return min(found, key=lambda one: one[0], default=None)

    def extended(self, node: Node, index: int, term: int) -> bool:
        """A history at hand goes on from this node's, at the index at least, to a later term than that."""
        return any(self.agrees_to(node, other) >= index and self.last_term(other) > term for other in self.nodes)

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
