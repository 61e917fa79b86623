"""What has a place in time: what clocks date, and apart from it what raft orders by index.

The two are never mixed: a file's time is its host's clock, an entry's index is not a time. Who needs one order of both
has to decide which clocks to believe.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.cluster.history import MomentKind, boots, moments, restarts, term_bands
from forensics.facts.cluster.words import leader_words, members_change_words, moment_words
from forensics.facts.machine.host import Host
from forensics.facts.machine.log_lines import line_time
from forensics.wording import count


class Told(Enum):
    """What tells of an event. Values say what its time means, as Timesketch's `timestamp_desc` does."""

    ENTRY_WRITTEN = "File Modified: entry written"
    SNAPSHOT = "File Modified: snapshot"
    ADDRESS_BOOK = "File Modified: cluster.yaml"
    SELF_REPAIR = "Self-repair"
    BOOT = "Host Booted (estimated)"
    LOG_LINE = "Log Line"
    VALID_FROM = "Certificate Not Before"
    VALID_TO = "Certificate Not After"
    COLLECTED = "Evidence Collected"
    RAFT_TERM = "Raft Term"
    RAFT_MEMBERS = "Raft Configuration"
    RAFT_RESTARTS = "Raft Restarts"


_OF_MOMENT = {
    MomentKind.SELF_REPAIR: Told.SELF_REPAIR,
    MomentKind.SNAPSHOT: Told.SNAPSHOT,
    MomentKind.ENTRY_WRITTEN: Told.ENTRY_WRITTEN,
    MomentKind.ADDRESS_BOOK: Told.ADDRESS_BOOK,
}


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    Attributes:
        told: what tells of it.
        message: what happened, in words.
        time: seconds since 1970 UTC by its host's clock; None where raft's order alone places it.
        index: raft's, where it has one; of a range the first.
        node, database: whose; empty where it is a machine's, or of all nodes.
        path: of the file that tells.
    """

    told: Told
    message: str
    time: float | None = None
    index: int | None = None
    node: str = ""
    database: str = ""
    path: str = ""


def dated(case: Case) -> list[Event]:
    """What clocks date, by time."""
    found = [event for cluster in case.clusters for event in _of_files(cluster)]
    found += [event for host in case.hosts for event in _of_host(host)]
    return sorted(found, key=lambda event: (event.time or 0.0, event.node, event.path, event.message))


def ordered(case: Case) -> list[Event]:
    """What raft orders, by database and index."""
    return [
        event for cluster in case.clusters for event in sorted(_of_raft(cluster), key=lambda e: (e.index, e.message))
    ]


def _of_files(cluster: Cluster) -> Iterator[Event]:
    database = cluster.product.database
    for moment in moments(cluster):
        told, words = _OF_MOMENT[moment.kind], moment_words(moment)
        yield Event(told, words, moment.time, moment.index, moment.node, database, moment.path)
    for node in cluster.nodes:
        for time in boots(node):
            yield Event(Told.BOOT, "host booted, by a snapshot's file time and stamp", time, None, node.name, database)
        for name, held in node.credentials.certificates.items():
            leaf = held.leaf
            if leaf is not None:
                for told, when, what in (
                    (Told.VALID_FROM, leaf.not_before, "begins to be valid"),
                    (Told.VALID_TO, leaf.not_after, "expires"),
                ):
                    yield Event(
                        told, f"{name}.crt {what}", when.timestamp(), None, node.name, database, held.file.at.path
                    )


def _of_host(host: Host) -> Iterator[Event]:
    name = host.name or ""
    if host.collected is not None:
        yield Event(Told.COLLECTED, f"collected by {host.collector}", host.collected, node=name, path=host.root)
    for journal in host.journals:
        for line in journal.lines:
            time = line_time(line.time, host.collected, host.utc_offset)
            if time is not None:
                unit = line.unit or journal.unit
                text = f"{unit}: {line.text}" if unit else line.text
                yield Event(Told.LOG_LINE, text, time, node=name or line.host or "", path=line.at.path)


def _of_raft(cluster: Cluster) -> Iterator[Event]:
    database = cluster.product.database
    for band in term_bands(cluster):
        words = f"term {band.term}, entries {band.first} to {band.last}: {leader_words(band)}"
        yield Event(Told.RAFT_TERM, words, index=band.first, database=database)
    for change in cluster.membership:
        words = members_change_words(change.change)
        yield Event(Told.RAFT_MEMBERS, words, index=change.index, node=", ".join(change.nodes), database=database)
    for node in cluster.nodes:
        for run in restarts(node):
            words = f"restarted again and again: {count(run.segments, 'segment')} of one entry up to {run.last}"
            yield Event(Told.RAFT_RESTARTS, words, index=run.first, node=node.name, database=database)
