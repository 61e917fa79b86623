"""CLU004: a configuration that was written by hand, and the nodes that do not have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.cluster.build import settled
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.member_changes import MembersChange
from forensics.facts.cluster.membership import Forced, Membership
from forensics.facts.cluster.words import forced_words, members_change_words
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, listed, verb

_GIVE_IT = (
    "Do not start these nodes with their old data. Give them the recovered node's data (the archive "
    "that the recovery wrote), or an empty directory and a new join."
)
_LET_IT_FOLLOW = "Mend what keeps these nodes from the leader, their addresses first: they get the entry from it then."


@dataclass(frozen=True, slots=True)
class ForcedConfiguration:
    """An entry with a configuration that raft did not write, and that no directory here lacks.

    Attributes:
        index: of the entry.
        forced: what shows that it was written by hand.
        suspected: that is only likely.
        change: what it changes.
    """

    kind: ClassVar[str] = "forced-configuration"
    index: int
    forced: Forced
    suspected: bool
    change: MembersChange

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"entry {self.index} {'seems to be' if self.suspected else 'is'} a forced configuration",
            _details(self.forced, self.change, suspected=self.suspected),
        )


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Nodes that do not have a forced configuration.

    Attributes:
        index, forced, suspected, change: as above.
        nodes: who lacks it.
        majority: by the older configuration that they know, they are a majority.
        follow: they are members of the forced one, too, and their logs are the beginning of a log that has it: all that
            they lack comes from the leader.
    """

    kind: ClassVar[str] = "left-behind"
    index: int
    forced: Forced
    suspected: bool
    change: MembersChange
    nodes: tuple[str, ...]
    majority: bool
    follow: bool

    def words(self, severity: Severity) -> Words:
        """See Problem."""
        seeming = "seemingly forced" if self.suspected else "forced"
        lacks = verb(len(self.nodes), "lacks", "lack")
        alone = (
            "They are a majority of the members that they know: if they are started, they elect a leader of their own."
            if severity is Severity.HIGH
            else verb(
                len(self.nodes),
                "Its own newest configuration is older: it still believes in the old members.",
                "Their own newest configuration is older: they still believe in the old members.",
            )
        )
        return Words(
            f"{listed(self.nodes)} {lacks} the {seeming} configuration of entry {self.index}",
            (*_details(self.forced, self.change, suspected=self.suspected), alone),
            _LET_IT_FOLLOW if self.follow else _GIVE_IT,
        )


def _details(forced: Forced, change: MembersChange, *, suspected: bool) -> tuple[str, ...]:
    """Why, and what it changes."""
    was = "may have been" if suspected else "was"
    return (
        f"It {was} written by hand: {forced_words(forced)}.",
        f"What it changes: {members_change_words(change)}.",
    )


@rule(
    "CLU004",
    "configuration that was forced by hand, or a node without it",
    Severity.INFO,
    fault=FaultKind.FORCED_CONFIGURATION,
    scope=Cluster,
    needs=(Needs.CONFIGURATION,),
    fires_on=("cluster/forced-recovery", "cluster/address-change"),
    silent_on=("cluster/removed-node", "healthy/running-111"),
)
def forced_configuration(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Configuration entries that raft cannot have written, because the term falls to 1 or several servers change at once;
    and which nodes' logs lack such an entry.
    ## Why it matters
    It is the trace of a recovery (`.reconfigure`, update.yaml, cluster-recover, `lxd cluster edit`) or of a change of
    addresses. That is fine if every directory that is still used has the entry. A directory without it still believes
    in the old members: if such nodes were a majority, they elect a leader of their own, and there are two histories.
    ## False alarm if
    LXD or Juju turned a standalone server into a cluster: they write such an entry. In the first term of a cluster, the
    removal of a member looks the same if the node stopped right after it: there the message says "seems".
    ## What to do
    Nothing, if every directory that is still used has the entry. A node that comes up later without it must not be
    started with its old data.
    ## References
    docs/reference/raft.md#traces-of-a-recovery; canonical/lxd#13524
    """
    for event, forced in _forced(cluster):
        addresses = [server.address for server in event.configuration.servers]
        where: tuple[str | int, ...] = (event.index, *addresses)
        left = [node for node in cluster.originals() if node.name not in event.nodes and _lacks(node, event)]
        if not left:
            problem = ForcedConfiguration(event.index, forced, event.suspected, event.change)
            yield Finding(problem, (event.at,), nodes=event.nodes, where=where)
            continue
        names, majority = tuple(node.name for node in left), _majority(left)
        alone = majority and not event.suspected
        follow = not majority and all(_follows(cluster, node, event) for node in left)
        yield Finding(
            LeftBehind(event.index, forced, event.suspected, event.change, names, majority, follow),
            (event.at, *_spans(left)),
            Severity.HIGH if alone else Severity.LOW,
            names,
            Effect.DEGRADED if alone else None,
            where,
        )


def _forced(cluster: Cluster) -> Iterator[tuple[Membership, Forced]]:
    """The configurations that somebody forced, without those that only a wrong name makes new ones."""
    sure = settled(cluster).membership
    for event in cluster.membership:
        if event.forced is not None and not _is_a_copy(event, sure):
            yield event, event.forced


def _is_a_copy(event: Membership, sure: Sequence[Membership]) -> bool:
    """Of a segment with a wrong name, and the same members are told by one with a right name, at another index."""
    indexes = {one.index for one in sure}
    same = (one for one in sure if one.configuration.servers == event.configuration.servers)
    return event.index not in indexes and any(same)


def _follows(cluster: Cluster, node: Node, event: Membership) -> bool:
    """It is a member there, and has nothing that the nodes with the entry do not have."""
    member = node.id is not None and event.configuration.by_id(node.id) is not None
    last = node.last_index
    return member and last is not None and cluster.agreed(cluster.node(event.nodes[0]), node) >= last


def _lacks(node: Node, event: Membership) -> bool:
    """Its newest configuration is an older one (a log that starts behind the entry has it in its snapshot)."""
    own = node.configuration
    return own is not None and own.index < event.index


def _majority(nodes: list[Node]) -> bool:
    """Together they could elect a leader by what their own newest configuration says."""
    for node in nodes:
        if node.configuration:
            voters = {voter.id for voter in node.configuration.configuration.voters()}
            if len(voters & {other.id for other in nodes}) > len(voters) // 2:
                return True
    return False


def _spans(nodes: list[Node]) -> Iterator[Span]:
    for node in nodes:
        if node.configuration:
            yield node.configuration.configuration.at
