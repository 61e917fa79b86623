"""The state of each node: what starting it, as it lies, comes to, alone or together with any others.

Decided from the forecast, the proof of what is committed, and the elections that could be held, together: a start that
succeeds may still be the one that loses data.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from forensics.barrier import stage
from forensics.election.committed import committed_of
from forensics.election.elections import Election, Unsearched, elections, losing, unsearched, winners, with_fewest
from forensics.election.one_node import fails_once, is_sole_voter, lost_metadata, span, unreached
from forensics.election.starters import Field, Start, loads_otherwise, moved_at
from forensics.election.state import UNSEARCHED, NodeState, Reason, State
from forensics.election.together import ClusterStates
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.forgotten_votes import forgotten_votes
from forensics.facts.cluster.join import CopyKind
from forensics.facts.cluster.repeated import copied_open
from forensics.facts.cluster.torn_copy import half_written
from forensics.facts.cluster.unknown_voters import with_unknown_voters
from forensics.facts.node.node import Grade, Node
from forensics.facts.node.precondition import Pending
from forensics.forecast.reasons import Outcome
from forensics.forecast.result import NodeForecast


def unknown_states(cluster: Cluster) -> ClusterStates:
    """Nothing can be told of any node."""
    database, reason = cluster.product.database, Reason.NOT_SIMULATED
    states = (NodeState(database, node.name, State.UNKNOWN, reason) for node in cluster.originals())
    return ClusterStates(tuple(states), 0, None, {})


@stage("the elections", lambda cluster: cluster.name, unknown_states)
def cluster_states(cluster: Cluster) -> ClusterStates:
    """What starting the nodes comes to, from facts with forecasts and preconditions.

    What a product lacks can be mended, so nodes that only their product stops take part in the elections: a node is
    safe beside them only if it still is once they run.
    """
    if not cluster.compared:
        return unknown_states(cluster)
    judged = _Judged(cluster)
    found = judged.elections
    first = judged.first() if found is None else ()
    return ClusterStates(
        tuple(judged.state_of(node) for node in cluster.originals()),
        judged.committed,
        None if found is None else tuple(found),
        {name: judged.field.holds(start.node) for name, start in judged.field.starts.items()} if judged.field else {},
        tuple(node.name for node in cluster.originals() if judged.is_mendable(node)),
        tuple(node.name for node in cluster.originals() if judged.is_unnamed(node)),
        frozenset(node.name for node in cluster.originals() if cluster.is_outside(node)),
        first,
        judged.winners(first),
        judged.keeper,
    )


class _Judged:
    """One cluster, with what all of its nodes are judged by."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.forgotten = forgotten_votes(cluster.originals())
        self.proved = cluster.commit.at_least if cluster.commit else 0
        self.committed, keeper = committed_of(cluster, self.forgotten)
        self.keeper = keeper.name if keeper else None
        self.unknown_voters = keeper is not None and keeper in with_unknown_voters(cluster)
        self.field = Field(cluster, self.committed, keeper) if keeper else None
        self.sides = {
            name: divergence.index for divergence, sides in cluster.histories() for side in sides for name in side.nodes
        } | {
            name: divergence.index
            for divergence in cluster.disputed()
            for side in divergence.sides
            for name in side.nodes
        }
        self.contradicted = cluster.contradicted()
        self.elections = self._elections()

    def _elections(self) -> list[Election] | None:
        """Where they cannot be searched, those without the logs that are known to be wrong: these are not started."""
        if self.field is None:
            return []
        starters = self.field.starters()
        found = elections(starters, self.committed, self.field.cut())
        sound = [one for one in starters if one.name not in self.contradicted]
        if found is None and len(sound) < len(starters):
            return elections(sound, self.committed, self.field.cut())
        return found

    def state_of(self, node: Node) -> NodeState:
        """The first of these answers that applies: they are in the order of how much they rule out."""
        return next(found for answer in (self._stopped, self._acts, *self._of_raft()) for found in answer(node))

    def is_mendable(self, node: Node) -> bool:
        """Nothing but its product keeps the node from a start that is safe."""
        if not node.unmet and Pending.UPDATE not in node.pending:
            return False
        return self._raft_state(node).state is State.SAFE

    def is_unnamed(self, node: Node) -> bool:
        """It could be started but for its info.yaml."""
        return bool(node.unmet) and self._raft_state(node).reason is Reason.NO_IDENTITY

    def first(self) -> tuple[str, ...]:
        """Who can be started first where the elections were not searched."""
        if self.field is None:
            return ()
        may = {node.name for node in self.cluster.originals() if self._may_go_first(node)}
        starters = [one for one in self.field.starters() if one.name in may]
        whole = [one for one in starters if one.holds >= self.committed and not self.field.starts[one.name].dropped]
        return with_fewest(whole, [one for one in starters if one not in whole])

    def _may_go_first(self, node: Node) -> bool:
        """A member that starts as it lies, and drops nothing but what is committed, and so on others."""
        start = self._start(node)
        if start is None or lost_metadata(node) or node.unmet or node.pending or self.cluster.is_outside(node):
            return False
        end = span(start.dropped)[1] if start.dropped else 0
        return end is not None and end <= self.committed and self._raft_state(node).reason in UNSEARCHED

    def winners(self, names: Collection[str]) -> tuple[str, ...]:
        """Who of these can be elected if exactly they are started."""
        return winners([one for one in self.field.starters() if one.name in names]) if self.field else ()

    def _raft_state(self, node: Node) -> NodeState:
        return next(found for answer in self._of_raft() for found in answer(node))

    def _acts(self, node: Node) -> Iterator[NodeState]:
        """What starts is not what lies there."""
        if Pending.UPDATE in node.pending:
            yield self._made(node, State.SPLITS, Reason.PRODUCT_FORCES)
        elif Pending.RECOVERY in node.pending:
            yield self._made(node, State.UNKNOWN, Reason.PRODUCT_REPLACES)

    def _of_raft(self) -> tuple[Callable[[Node], Iterator[NodeState]], ...]:
        return (
            self._unknown,
            self._refuses,
            self._contradicts,
            self._splits,
            self._elects,
            self._drops,
            self._safe,
        )

    def _stopped(self, node: Node) -> Iterator[NodeState]:
        if node.unmet:
            yield self._made(node, State.REFUSES, Reason.PRODUCT_REFUSES, precondition=node.unmet[0])

    def _made(self, node: Node, state: State, reason: Reason, *values: object, **more: object) -> NodeState:
        made = NodeState(self.cluster.product.database, node.name, state, reason, *values, **more)  # type: ignore[arg-type]
        twins = (copy.node for copy in self.cluster.copies if copy.of == node.name and copy.kind is not CopyKind.LOOK)
        return replace(made, fails_once=fails_once(node), twins=tuple(twins))

    def _unknown(self, node: Node) -> Iterator[NodeState]:
        made = node.forecast
        if any(torn.node == node.name for torn in self.cluster.torn) or half_written(node):
            yield self._made(node, State.UNKNOWN, Reason.TORN_COPY)
        elif not isinstance(made, NodeForecast):
            if node.grade is Grade.FULL:  # a spare keeps no log
                yield self._made(node, State.SAFE, Reason.NO_LOG)
            else:
                yield self._made(node, State.UNKNOWN, Reason.NOT_SIMULATED)
        elif made.said.undefined is not None:
            yield self._made(node, State.UNKNOWN, Reason.DEPENDS_ON_MEMORY)
        elif made.said.outcome is Outcome.STARTS and node.info is not None and node.id is None:
            yield self._made(node, State.UNKNOWN, Reason.NO_IDENTITY)

    def _refuses(self, node: Node) -> Iterator[NodeState]:
        made = node.forecast
        if isinstance(made, NodeForecast) and made.said.outcome is not Outcome.STARTS:
            yield self._made(node, State.REFUSES, Reason.DQLITE_REFUSES)

    def _contradicts(self, node: Node) -> Iterator[NodeState]:
        made = node.forecast
        if isinstance(made, NodeForecast) and (made.said.renumbered or any(copied_open(node.log))):
            yield self._made(node, State.LOSES, Reason.RENUMBERS)
        elif (wrong := self._wrong_from(node)) is not None:
            yield self._made(node, State.LOSES, Reason.CONTRADICTS, wrong)

    def _splits(self, node: Node) -> Iterator[NodeState]:
        made = node.forecast
        if node.name in self.sides:
            others = tuple(sorted(name for name in self.sides if name != node.name))
            yield self._made(node, State.SPLITS, Reason.OTHER_HISTORY, self.sides[node.name], others=others)
        elif isinstance(made, NodeForecast) and made.said.bootstrap is not None and self.committed > 1:
            yield from () if fails_once(node) else (self._made(node, State.SPLITS, Reason.BOOTSTRAPS),)

    def _elects(self, node: Node) -> Iterator[NodeState]:
        """A set of nodes with this one can elect a leader that lacks committed entries."""
        if self.elections is None:
            yield self._made(node, State.UNKNOWN, self._unsearched())
            return
        start = self._start(node)
        if start and start.dropped and is_sole_voter(node):
            return  # it elects itself whatever it drops: what it drops is the answer
        for election in losing(self.elections, self.committed):
            if node.name in election.votes and (node.name == election.leader or self._lacks(node)):
                split = any(
                    not set(other.electors) & set(election.electors)
                    for other in self.elections
                    if other.loses(self.committed) is None
                )
                yield self._made(
                    node,
                    State.SPLITS if split else State.LOSES,
                    self._why(node, split=split),
                    *(election.loses(self.committed) or ()),
                    others=tuple(sorted(set(election.electors) - {node.name})),
                    leader=election.leader,
                    before=election.after,
                )

    def _why(self, node: Node, *, split: bool) -> Reason:
        if self.forgotten and node.name in self.forgotten.nodes:
            return Reason.FORGOT_VOTE
        if self.unknown_voters:
            return Reason.UNKNOWN_VOTERS
        if self.committed > self.proved and not self.forgotten:
            return Reason.FORGOT_LOG
        return Reason.SECOND_LEADER if split else Reason.ELECTED_WITHOUT

    def _drops(self, node: Node) -> Iterator[NodeState]:
        """The start takes entries out of this node's log that it had acknowledged."""
        start = self._start(node)
        if start is None or not start.dropped or self.field is None:
            return
        first, last = span(start.dropped)
        keepers = tuple(
            name for name, other in self.field.starts.items() if name != node.name and self._keeps(other, last)
        )
        if is_sole_voter(node):
            yield self._made(node, State.LOSES, Reason.DROPS_COMMITTED, first, last)
        elif keepers and self._voters_at_hand():
            yield self._made(node, State.SAFE, Reason.DROPS_HELD_ELSEWHERE, first, last, others=keepers)
        elif first is not None and first <= self.committed and self._voters_at_hand():
            yield self._made(node, State.LOSES, Reason.DROPS_COMMITTED, first, last)
        elif self._cannot_be_committed(first):
            yield self._made(node, State.SAFE, Reason.DROPS_UNCOMMITTED, first, last)
        else:
            yield self._made(node, State.UNKNOWN, Reason.MAY_HOLD_COMMITTED, first, last, others=keepers)

    def _safe(self, node: Node) -> Iterator[NodeState]:
        if self._start(node) is None or self.field is None:
            yield self._made(node, State.UNKNOWN, Reason.NOT_SIMULATED)
        elif self.cluster.is_outside(node):
            yield self._made(node, State.SAFE, Reason.REPLACED if self.cluster.is_replaced(node) else Reason.OUTSIDE)
        elif reason := unreached(self.cluster, node):
            yield self._made(node, State.SAFE, reason)
        elif lost_metadata(node):
            yield self._made(node, State.SAFE, self._without_metadata())
        elif self._lacks(node):
            yield self._made(node, State.SAFE, Reason.BEHIND, self.field.holds(node) + 1, self.committed)
        else:
            yield self._made(node, State.SAFE, Reason.WHOLE)

    def _unsearched(self) -> Reason:
        field = self.field
        why = unsearched(field.starters(), self.committed, field.cut()) if field else None
        return Reason.THREE_HISTORIES if why is Unsearched.THREE_HISTORIES else Reason.TOO_MANY_VOTERS

    def _without_metadata(self) -> Reason:
        lost = {node.name for node in self.cluster.originals() if lost_metadata(node)}
        others = any(lost.isdisjoint(election.electors) for election in self.elections or ())
        return Reason.LOST_METADATA if others else Reason.NO_METADATA_IN_MAJORITY

    def _start(self, node: Node) -> Start | None:
        return self.field.starts.get(node.name) if self.field else None

    def _wrong_from(self, node: Node) -> int | None:
        """The first index of entries that contradict committed ones, and that its start keeps."""
        start = self._start(node)
        if node.name in self.cluster.misplaced or (start is not None and loads_otherwise(start)):
            return moved_at(self.cluster, start) if start else None
        return self.contradicted.get(node.name)

    def _lacks(self, node: Node) -> bool:
        return self.field is not None and node.name in self.field.starts and self.field.holds(node) < self.committed

    def _keeps(self, other: Start, last: int | None) -> bool:
        """What is dropped; up to the last entry that can be committed, where its end cannot be read."""
        end = self.cluster.commit.at_most if last is None and self.cluster.commit else last
        return end is not None and self.field is not None and self.field.holds(other.node) >= end

    def _voters_at_hand(self) -> bool:
        """Every voter of the newest configuration starts, or refuses to while others elect: no vote is unknown."""
        change = self.cluster.configuration
        if change is None or self.field is None:
            return False
        here = {starter.server_id for starter in self.field.starters()}
        out = {node.id for node in self.cluster.originals() if self.elections and any(self._refuses(node))}
        return all(voter.id in here | out for voter in change.configuration.voters())

    def _cannot_be_committed(self, first: int | None) -> bool:
        commit = self.cluster.commit
        return first is not None and commit is not None and commit.at_most is not None and first > commit.at_most
