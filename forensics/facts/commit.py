"""What is committed: no node stores it, so it is proved from what several hold (FACTS 4.2).

Everything is said of one node's own history: the highest index up to which *its* entries provably are committed. Where
two histories part, each has its own; two proofs on both sides of a divergence are a split brain.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from forensics.evidence import Span
from forensics.facts.columns import Columns, columns_of
from forensics.facts.matching import first_difference
from forensics.facts.membership import Membership, node_membership
from forensics.facts.node import Grade, Node
from forensics.parsers.configuration import Configuration, Server
from forensics.parsers.roles import Role


@dataclass(frozen=True, slots=True)
class Proof:
    """Entries up to `index` of one node's history are committed, and why."""

    index: int
    why: str
    at: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class CommitIndex:
    """The cluster's commit index, as an interval.

    Attributes:
        at_least: everything up to here provably is committed.
        at_most: nothing behind here can be; None where absent voters alone could have committed more.
        why: both bounds, in words.
        proofs: the best proof of each node's own history, by name; nodes with none are left out.
        unknown: what the absent voters could change; empty where nothing.
    """

    at_least: int
    at_most: int | None
    why: str
    proofs: dict[str, Proof]
    unknown: str = ""


def commit_index(nodes: list[Node]) -> CommitIndex | None:
    """The bounds of a cluster. None where no log and no snapshot is at hand.

    Args:
        nodes: one directory a server: copies and older states of the same server left out.
    """
    view = _View(nodes)
    proofs = {node.name: best for node in nodes if (best := max(view.proofs(node), key=_strength, default=None))}
    if not proofs:
        return None
    _share(nodes, proofs, view)
    name = min(proofs, key=lambda key: (-proofs[key].index, key))
    best = proofs[name]
    node = next(node for node in nodes if node.name == name)
    at_most, limit = view.upper(node)
    for other in nodes:  # a history that parted from the best may have committed more of its own
        if at_most is not None and view.parts_from(node, other):
            higher, _ = view.upper(other)
            at_most = None if higher is None else max(at_most, higher)
    if at_most is not None:
        at_most = max(at_most, best.index)
    unknown = view.unknown(node, best.index, at_most)
    return CommitIndex(best.index, at_most, f"{best.why}; {limit}", proofs, unknown)


def _share(nodes: list[Node], proofs: dict[str, Proof], view: _View) -> None:
    """What is committed in one history is so in every other, as far as the two are equal."""
    own = dict(proofs)
    for node in nodes:
        for other, proof in own.items():
            index = min(proof.index, view.common(node, other))
            if index > (proofs[node.name].index if node.name in proofs else 0):
                proofs[node.name] = Proof(index, f"as on {other}: {proof.why}", proof.at)


def _strength(proof: Proof) -> int:
    return proof.index


class _View:
    """The nodes' logs, ready to be asked who holds what."""

    def __init__(self, nodes: list[Node]) -> None:
        self._nodes = nodes
        self._columns: dict[str, Columns] = {node.name: columns_of(node) for node in nodes}
        self._events: dict[str, list[Membership]] = {node.name: node_membership(node) for node in nodes}
        self._by_id = {node.id: node for node in nodes if node.id is not None}
        self._by_id |= stand_ins(nodes, self._by_id)
        self._complete = {node.name: _is_complete(node) for node in nodes}

    def parts_from(self, one: Node, other: Node) -> bool:
        """Their logs hold different entries at some index."""
        return first_difference(self._columns[one.name], self._columns[other.name]) is not None

    def common(self, node: Node, name: str) -> int:
        """The last index up to which a node's history is that of the node of this name."""
        other = next(other for other in self._nodes if other.name == name)
        return min(self.agrees_to(other, node), self._columns[node.name].last or 0)

    def proofs(self, node: Node) -> Iterator[Proof]:
        """Every reason to call entries of this node's history committed."""
        yield from self._of_bootstrap(node)
        yield from self._of_snapshots(node)
        yield from self._of_changes(node)
        yield from self._of_sole_voter(node)
        yield from self._of_majority(node)

    def _of_bootstrap(self, node: Node) -> Iterator[Proof]:
        if self._columns[node.name].key(1) is not None:
            yield Proof(1, "entry 1, the bootstrap, is committed by definition")

    def _of_snapshots(self, node: Node) -> Iterator[Proof]:
        """A snapshot covers applied entries only. Another node's counts where it agrees with this log at its index."""
        for other in self._nodes:
            for snapshot in other.snapshots:
                if not snapshot.paired or snapshot.sound is False:
                    continue
                if other is node or self._term_at(node, snapshot.name.index) == snapshot.name.term:
                    file = snapshot.data_file or snapshot.meta_file
                    why = f"{other.name} has a snapshot at {snapshot.name.index}, which covers applied entries only"
                    yield Proof(snapshot.name.index, why, (file.at,) if file else ())

    def _of_changes(self, node: Node) -> Iterator[Proof]:
        """A leader proposes a change only when the one before it is committed; a forced one asks nobody."""
        events = [event for event in self._events[node.name] if event.term is not None]
        for before, after in pairwise(events):
            if not after.forced:
                why = f"the change at {after.index} was only possible once that at {before.index} was committed"
                yield Proof(before.index, why, (before.at, after.at))

    def _of_sole_voter(self, node: Node) -> Iterator[Proof]:
        """What a sole voter has stored is committed, until a configuration gives it a second voter."""
        events = self._events[node.name]
        last = self._columns[node.name].last
        for position, event in enumerate(events):
            voters = event.configuration.voters()
            if len(voters) != 1 or voters[0].id != node.id or last is None:
                continue
            until = events[position + 1].index - 1 if position + 1 < len(events) else last
            if until >= event.index:
                yield Proof(until, f"{node.name} is the only voter from {event.index} on: what it stores is committed")

    def _of_majority(self, node: Node) -> Iterator[Proof]:
        """The current-term rule, for the configuration in force at the end of this history."""
        event = self._events[node.name][-1] if self._events[node.name] else None
        if event is None:
            return
        voters = event.configuration.voters()
        here = [self._by_id[voter.id] for voter in voters if voter.id in self._by_id]
        needed = len(voters) // 2 + 1
        if len(here) < needed or not voters:
            return
        reach = sorted((self.agrees_to(node, other) for other in here), reverse=True)
        index = reach[needed - 1]
        while index >= event.index:
            holders = [other for other in here if self.agrees_to(node, other) >= index]
            term = self._term_at(node, index)
            if term is not None and (reason := self._decided(holders, here, voters, term)):
                names = ", ".join(other.name for other in holders)
                why = f"entry {index} of term {term} is on {names}, {len(holders)} of {len(voters)} voters, {reason}"
                yield Proof(index, why)
                return
            index = event.index - 1 if term is None else self._term_start(node, index) - 1

    def _decided(self, holders: list[Node], here: list[Node], voters: tuple[Server, ...], term: int) -> str:
        """Why no later leader can lack an entry of this term that the holders have; empty where one could."""
        terms = [node.metadata.term for node in holders if node.metadata]
        if len(terms) == len(holders) and all(known == term for known in terms):
            return "and none of them has seen a later term"
        if len(here) == len(voters) and all((other.last_term or 0) <= term for other in here):
            return "and no voter holds an entry of a later term"
        return ""

    def upper(self, node: Node) -> tuple[int | None, str]:
        """The highest index that could be committed in this history, and why no higher."""
        configuration = self._configuration(node)
        voters = configuration.voters() if configuration else ()
        if not voters:
            return None, "no configuration tells who the voters are"
        needed = len(voters) // 2 + 1
        here = [self._by_id[voter.id] for voter in voters if self._is_complete(voter)]
        absent = len(voters) - len(here)
        if absent >= needed:
            return None, f"{absent} of {len(voters)} voters are not at hand whole: a majority, which may hold more"
        reach = sorted((self.agrees_to(node, other) for other in here), reverse=True)
        index = reach[needed - absent - 1]
        if absent:
            return index, f"behind {index} there is no majority, even if the {absent} absent voters held more"
        return index, f"no entry behind {index} is on {needed} of {len(voters)} voters"

    def holders(self, node: Node, index: int) -> tuple[list[Node], list[Node], int]:
        """Voters that hold this history up to an index; those that are at hand whole and do not; how many there are."""
        configuration = self._configuration(node)
        voters = configuration.voters() if configuration else ()
        here = [self._by_id[voter.id] for voter in voters if self._is_complete(voter)]
        holding = [other for other in here if self.agrees_to(node, other) >= index]
        return holding, [other for other in here if other not in holding], len(voters)

    def unknown(self, node: Node, at_least: int, at_most: int | None) -> str:
        """What the absent voters could change."""
        configuration = self._configuration(node)
        if configuration is None or at_most == at_least:
            return ""
        absent = [voter.address for voter in configuration.voters() if not self._is_complete(voter)]
        if not absent:
            return f"entries {at_least + 1} to {at_most} may or may not be committed: their term is not the newest seen"
        names = ", ".join(absent)
        if at_most is None:
            return f"{names} may hold entries behind {at_least} that are committed and unknown here"
        return f"whether entries {at_least + 1} to {at_most} are committed depends on {names}"

    def _configuration(self, node: Node) -> Configuration | None:
        events = self._events[node.name]
        return events[-1].configuration if events else None

    def _is_complete(self, voter: Server) -> bool:
        node = self._by_id.get(voter.id)
        return node is not None and self._complete[node.name]

    def agrees_to(self, node: Node, other: Node) -> int:
        """The last index up to which `other` holds this node's history; what its snapshot covers included."""
        mine, its = self._columns[node.name], self._columns[other.name]
        if node is other:
            return mine.last or node.last_index or 0
        difference = first_difference(mine, its)
        overlaps = [
            min(a.last, b.last)
            for a in mine.stretches
            for b in its.stretches
            if max(a.first, b.first) <= min(a.last, b.last)
        ]
        agreed = max(overlaps, default=0)
        if difference is not None:
            agreed = min(agreed, difference.first - 1)
        for snapshot in other.snapshots:
            if snapshot.paired and self._term_at(node, snapshot.name.index) == snapshot.name.term:
                agreed = max(agreed, snapshot.name.index)
        return agreed

    def _term_at(self, node: Node, index: int) -> int | None:
        key = self._columns[node.name].key(index)
        if key is not None:
            return key[0]
        return next((s.name.term for s in node.snapshots if s.paired and s.name.index == index), None)

    def _term_start(self, node: Node, index: int) -> int:
        """The first index of the stretch of one term that holds `index`."""
        part = next((p for p in self._columns[node.name].stretches if p.first <= index <= p.last), None)
        if part is None:
            return index
        at = index - part.first
        while at > 0 and part.terms[at - 1] == part.terms[at]:
            at -= 1
        return part.first + at


def stand_ins(nodes: Sequence[Node], known: Container[int]) -> dict[int, Node]:
    """Nodes that do not say who they are, as some voter each: for counting, it does not matter which is which.

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
    return {server.id: node for server, node in zip(free, strangers, strict=True)}


def _is_complete(node: Node) -> bool:
    """Its log is all that it was: a damaged or partial one may have held more."""
    segments = [part.segment for part in node.log.closed] + [part.segment for part in node.log.open]
    damaged = any(segment is None or segment.damaged for segment in segments)
    return node.grade is Grade.FULL and not damaged and (bool(node.snapshots) or bool(node.log.closed or node.log.open))


def missing_from_majority(
    nodes: list[Node], commit: CommitIndex | None
) -> Iterator[tuple[Proof, list[Node], list[Node], int]]:
    """Committed entries that a majority cannot hold: the proof, who holds them, who does not, how many voters.

    The best proof alone is looked at. A sole voter's own is none: there its directory is the majority.
    """
    if commit is None:
        return
    view = _View(nodes)
    name = min(commit.proofs, key=lambda key: (-commit.proofs[key].index, key))
    node, proof = next(node for node in nodes if node.name == name), commit.proofs[name]
    holders, behind, voters = view.holders(node, proof.index)
    needed = voters // 2 + 1
    if voters > 1 and behind and voters - len(behind) < needed:
        yield proof, holders, behind, voters


def common_history(node: Node, other: Node) -> int:
    """The last index up to which `other` holds the history of `node`: its log is equal, or a snapshot covers it."""
    return _View([node, other]).agrees_to(node, other)
