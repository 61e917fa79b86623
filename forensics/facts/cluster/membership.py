"""Membership over time: every configuration that a log or a snapshot holds, and how each differs from the one before.

Raft changes one server at a time: it is added as spare, promoted, demoted or removed (FACTS 1.6). Anything else was
written by hand: a forced configuration (raft_recover, `.reconfigure`, update.yaml, cluster-recover), whose entry has
term 1 in all canonical versions, whatever the term around it (FACTS 4.4).
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.evidence import Span
from forensics.facts.log.entry_arrays import configuration_digest
from forensics.facts.node.node import ConfigurationChange, Node
from forensics.parsers.configuration import Configuration, Server
from forensics.parsers.segment import EntryType


@dataclass(frozen=True, slots=True)
class Membership:
    """One configuration of the cluster's history.

    Attributes:
        index: of the change entry.
        term: of the entry; None where only a snapshot still tells of it.
        configuration: the members from here on.
        change: what changed, in words.
        forced: why it must have been written by hand; empty where raft's own rules explain it.
        suspected: that is only likely: a change of raft's own, with a stop right behind it, looks the same.
        nodes: who holds it, by name.
        at: the entry's payload, or the configuration in a snapshot's meta.
    """

    index: int
    term: int | None
    configuration: Configuration
    change: str
    forced: str
    nodes: tuple[str, ...]
    at: Span
    suspected: bool = False


def membership_of(nodes: list[Node]) -> list[Membership]:
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
        forced, suspected = _forced(node, change, before)
        events.append(
            Membership(
                index,
                change.term,
                change.configuration,
                describe(before.configuration if before else None, change.configuration, first=index == 1),
                forced,
                (node.name,),
                change.configuration.at,
                suspected,
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
    better, lesser = (one, other) if (one.term is not None, not one.change.startswith("first")) >= (
        other.term is not None, not other.change.startswith("first")
    ) else (other, one)  # fmt: skip
    surest = max(better, lesser, key=lambda event: (bool(event.forced), not event.suspected))
    return Membership(
        better.index,
        better.term,
        better.configuration,
        better.change,
        surest.forced,
        tuple(sorted({*one.nodes, *other.nodes})),
        better.at,
        surest.suspected,
    )


def _forced(node: Node, change: ConfigurationChange, before: ConfigurationChange | None) -> tuple[str, bool]:
    """Why it must have been written by hand, and whether that is only suspected."""
    if change.term is None or change.index == 1 or before is None:
        return "", False
    term_before = node.log.term_at(change.index - 1)
    if term_before is not None and change.term < term_before:
        return f"its term falls from {term_before} to {change.term}", False
    if not _leads_up(node, before, change):
        return "", False
    if not _one_step(before.configuration, change.configuration):
        return "it changes more than raft changes in one step", False
    alone = change.term == 1 and _alone_in_segment(node, change.index)
    if alone and _drops_voters(before.configuration, change.configuration):
        return "it stands alone in a segment, in term 1, as forced configurations are written", True
    return "", False


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


def describe(before: Configuration | None, after: Configuration, *, first: bool = False) -> str:
    """What changed, in words, by address."""
    if first:
        return "bootstrap: " + ", ".join(f"{server.address} as {_role(server)}" for server in after.servers)
    if before is None:
        return "first configuration that the evidence still holds"
    old, new = _by_id(before), _by_id(after)
    changes = [f"{new[key].address} joins as {_role(new[key])}" for key in new if key not in old]
    changes += [f"{old[key].address} is removed" for key in old if key not in new]
    for key in old.keys() & new.keys():
        if old[key].address != new[key].address:
            changes.append(f"{old[key].address} moves to {new[key].address}")
        if old[key].role != new[key].role:
            changes.append(f"{new[key].address} turns from {_role(old[key])} to {_role(new[key])}")
    return "; ".join(sorted(changes)) or "the same members again"


def _by_id(configuration: Configuration) -> dict[int, Server]:
    return {server.id: server for server in configuration.servers}


def _role(server: Server) -> str:
    return "a member of unknown role" if server.role is None else server.role.value
