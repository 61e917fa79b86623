"""Membership over time: every configuration that a log or a snapshot holds, and how each differs from the one before.

Raft changes one server at a time: it is added as spare, promoted, demoted or removed
(docs/reference/configurations.md#roles). Anything else was written by hand: a forced configuration (raft_recover,
`.reconfigure`, update.yaml, cluster-recover), whose entry has term 1 in all canonical versions, whatever the term
around it (docs/reference/raft.md#traces-of-a-recovery).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from forensics.evidence import Span
from forensics.facts.cluster.member_changes import MembersChange, Told, members_change
from forensics.facts.log.configuration_change import ConfigurationChange
from forensics.facts.log.entry_arrays import configuration_digest
from forensics.facts.node.node import Node
from forensics.parsers.configuration import Configuration, Server
from forensics.parsers.segment import EntryType


class ForcedBy(Enum):
    """What shows that a configuration was written by hand."""

    TERM_FALLS = "term-falls"
    MANY_CHANGES = "many-changes"  # more than raft changes in one step
    ALONE_IN_SEGMENT = "alone-in-segment"  # in term 1, as forced ones are written; a stop right behind looks the same


@dataclass(frozen=True, slots=True)
class Forced:
    """Why a configuration must have been written by hand; of TERM_FALLS, with the term before it and its own."""

    by: ForcedBy
    term_before: int | None = None
    term: int | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """One configuration of the cluster's history.

    Attributes:
        index: of the change entry.
        term: of the entry; None where only a snapshot still tells of it.
        configuration: the members from here on.
        change: what changed.
        forced: why it must have been written by hand; None where raft's own rules explain it.
        nodes: who holds it, by name.
        at: the entry's payload, or the configuration in a snapshot's meta.
    """

    index: int
    term: int | None
    configuration: Configuration
    change: MembersChange
    forced: Forced | None
    nodes: tuple[str, ...]
    at: Span

    @property
    def suspected(self) -> bool:
        """That it was forced is only likely: a change of raft's own, with a stop right behind it, looks the same."""
        return self.forced is not None and self.forced.by is ForcedBy.ALONE_IN_SEGMENT


def membership_of(nodes: Iterable[Node]) -> list[Membership]:
    """The configurations that the nodes hold, by index; where nodes disagree at an index, one for each."""
    merged: dict[tuple[int, int], Membership] = {}
    for node in nodes:
        for event in node_membership(node):
            key = (event.index, configuration_digest(event.configuration))
            known = merged.get(key)
            merged[key] = event if known is None else _merge(known, event)
    return sorted(merged.values(), key=lambda event: (event.index, event.term or 0, event.nodes))


def node_membership(node: Node) -> list[Membership]:
    """The configurations of one node, by index, each compared with the one before it on that node."""
    known = {change.index: change for change in _from_snapshots(node)}
    known |= {change.index: change for change in node.changes}
    events: list[Membership] = []
    before: ConfigurationChange | None = None
    for index in sorted(known):
        change = known[index]
        events.append(
            Membership(
                index,
                change.term,
                change.configuration,
                members_change(before.configuration if before else None, change.configuration, first=index == 1),
                _forced(node, change, before),
                (node.name,),
                change.configuration.at,
            )
        )
        before = change
    return events


def _from_snapshots(node: Node) -> list[ConfigurationChange]:
    changes = []
    for snapshot in node.snapshots:
        meta = snapshot.meta.value if snapshot.meta and snapshot.meta.whole else None
        if meta and meta.configuration:
            changes.append(ConfigurationChange(meta.configuration_index, None, meta.configuration, True))
    return changes


def _merge(one: Membership, other: Membership) -> Membership:
    """The same configuration on two nodes: the telling that knows more (a term, and what it followed) is kept."""
    better = max(one, other, key=lambda event: (event.term is not None, event.change.told is not Told.OLDEST_HELD))
    surest = max(one, other, key=lambda event: (event.forced is not None, not event.suspected))
    nodes = tuple(sorted({*one.nodes, *other.nodes}))
    return replace(better, forced=surest.forced, nodes=nodes)


def _forced(node: Node, change: ConfigurationChange, before: ConfigurationChange | None) -> Forced | None:
    """Why it must have been written by hand."""
    if change.term is None or change.index == 1 or before is None:
        return None
    term_before = node.log.term_at(change.index - 1)
    if term_before is not None and change.term < term_before:
        return Forced(ForcedBy.TERM_FALLS, term_before, change.term)
    if not _leads_up(node, before, change):
        return None
    if not _one_step(before.configuration, change.configuration):
        return Forced(ForcedBy.MANY_CHANGES)
    alone = change.term == 1 and _alone_in_segment(node, change.index)
    if alone and _drops_voters(before.configuration, change.configuration):
        return Forced(ForcedBy.ALONE_IN_SEGMENT)
    return None


def _leads_up(node: Node, before: ConfigurationChange, change: ConfigurationChange) -> bool:
    """No entry between the two is missing, where other changes could be: by the log, or a snapshot and the log."""
    run = next((run for run in node.log.runs() if run.first <= change.index <= run.last), None)
    if run is None:
        return False
    covered = [
        snapshot.name.index
        for snapshot in node.snapshots
        if snapshot.meta and snapshot.meta.value and snapshot.meta.value.configuration_index == before.index
    ]
    return run.first <= max(before.index, *covered, 0) + 1


def _alone_in_segment(node: Node, index: int) -> bool:
    """A closed segment of this one entry. A recovery writes one; so does a restart right behind an entry."""
    return any(
        part.first == part.last == index
        and part.segment is not None
        and part.segment.types == bytes([EntryType.CHANGE])
        for part in node.log.closed
    )


def _one_step(before: Configuration, after: Configuration) -> bool:
    """One server was added, removed, or got another role; no address changed."""
    old, new = _by_id(before), _by_id(after)
    added, removed = new.keys() - old.keys(), old.keys() - new.keys()
    moved = [key for key in old.keys() & new.keys() if old[key].address != new[key].address]
    roles = [key for key in old.keys() & new.keys() if old[key].role != new[key].role]
    return not moved and len(added) + len(removed) + len(roles) <= 1


def _drops_voters(before: Configuration, after: Configuration) -> bool:
    """As whoever recovers does: the rest shall be a majority again."""
    return len(after.voters()) < len(before.voters())


def _by_id(configuration: Configuration) -> dict[int, Server]:
    return {server.id: server for server in configuration.servers}
