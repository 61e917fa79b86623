"""What happened, in two orders that must not be mixed: raft's own (indexes and terms), and the files' clock.

A snapshot's third number is milliseconds of a monotonic clock (docs/reference/snapshots.md#snapshot-metadata): it
orders nothing across hosts or reboots. File times survive some ways of copying and not others; where all are one value
they are the copy's, and tell nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_position import log_position
from forensics.facts.cluster.membership import Membership, node_membership
from forensics.facts.node.node import Node
from forensics.ingest.raft_names import parse_corrupt
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateFile

_RESTARTS_MIN = 3  # so many one-entry segments in a row are a trace of restarts and not of a recovery

_BOOT_SECONDS = 60  # two estimates of one boot differ by less: the clock is set, a file is written after its stamp


class LeaderKnownBy(Enum):
    """How a term's leader is known, or why it has none."""

    FORCED = "forced"  # nobody leads: a configuration that was written by hand
    ONLY_VOTER = "only-voter"  # who leads without an election
    VOTES = "votes"
    UNKNOWN = "unknown"  # too few of the votes in this term are at hand


@dataclass(frozen=True, slots=True)
class TermBand:
    """Entries of one term in the log of the node that got furthest.

    Attributes:
        leader: the server's id, where it is known; else None.
        votes, voters: of VOTES, how many voters voted for it, and how many there are.
    """

    term: int
    first: int
    last: int
    leader: int | None
    known_by: LeaderKnownBy
    votes: int = 0
    voters: int = 0


@dataclass(frozen=True, slots=True)
class Restarts:
    """A run of closed segments of one entry each: something restarted the node again and again.

    Source: docs/reference/segments.md#closed-segments.
    """

    node: str
    first: int
    last: int
    segments: int


class MomentKind(Enum):
    """What a file's time or name dates."""

    SELF_REPAIR = "self-repair"  # `file`: which was moved away
    SNAPSHOT = "snapshot"  # `index`: its own
    ENTRY_WRITTEN = "entry-written"  # `index`: of the entry
    ADDRESS_BOOK = "address-book"  # cluster.yaml was written


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that a file's time or name dates: seconds since 1970 UTC, and the path of that file."""

    time: float
    node: str
    kind: MomentKind
    path: str
    index: int | None = None
    file: str | None = None


def term_bands(cluster: Cluster) -> list[TermBand]:
    """The terms of the furthest log, with their leaders as far as votes and the bootstrap tell."""
    best = max((node for node in cluster.originals() if node.log.count()), key=log_position, default=None)
    if best is None:
        return []
    events = node_membership(best)
    forced = {event.index for event in events if event.forced}
    bands = []
    for first, last, term in _split(best.log.term_bands(), forced):
        if first in forced:
            bands.append(TermBand(term, first, last, None, LeaderKnownBy.FORCED))
        else:
            bands.append(TermBand(term, first, last, *_leader(cluster, term, _voters_at(events, first))))
    return bands


def _voters_at(events: list[Membership], index: int) -> set[int]:
    """IDs of the voters at an index."""
    in_force = next((event for event in reversed(events) if event.index <= index), None)
    return {voter.id for voter in in_force.configuration.voters()} if in_force else set()


def _split(bands: list[tuple[int, int, int]], forced: set[int]) -> Iterator[tuple[int, int, int]]:
    """The bands, each forced configuration apart: behind it another node can be the leader, even in the same term."""
    for first, last, term in bands:
        begin = first
        for index in sorted(index for index in forced if first <= index <= last):
            if begin < index:
                yield begin, index - 1, term
            yield index, index, term
            begin = index + 1
        if begin <= last:
            yield begin, last, term


def _leader(cluster: Cluster, term: int, voters: set[int]) -> tuple[int | None, LeaderKnownBy, int, int]:
    """A leader needs a majority of the voters."""
    if len(voters) == 1:
        return min(voters), LeaderKnownBy.ONLY_VOTER, 0, 1
    votes = Counter(_votes(cluster, term, voters).values())
    needed = len(voters) // 2 + 1
    for candidate, count in votes.items():
        if count >= needed:
            return candidate, LeaderKnownBy.VOTES, count, len(voters)
    return None, LeaderKnownBy.UNKNOWN, 0, len(voters)


def _votes(cluster: Cluster, term: int, voters: set[int]) -> dict[int, int]:
    """By voter, for whom it voted in a term: each votes once.

    A node's two metadata copies hold what it wrote last and what it wrote before: the vote of an earlier term may be in
    the latter. Older states of a node count, too. Whoever got a vote from another was a candidate, and a candidate
    votes for itself first.

    Source: docs/reference/metadata.md#metadata1-and-metadata2; canonical/dqlite src/raft/election.c (electionStart).
    """
    originals = cluster.originals()
    cast: dict[int, int] = {}
    for node in sorted(cluster.nodes, key=lambda node: node in originals):  # what counts most comes last, and stays
        for copy in sorted(node.metadata_copies, key=lambda copy: copy.version):
            if copy.term == term and copy.voted_for and node.id in voters:
                cast[node.id] = copy.voted_for
    own = {candidate: candidate for voter, candidate in cast.items() if candidate in voters and candidate != voter}
    return own | cast


def restarts(node: Node) -> list[Restarts]:
    """Runs of one-entry segments, longest rows only."""
    runs: list[list[int]] = []
    for part in node.log.closed:
        if part.first == part.last:
            if runs and runs[-1][-1] + 1 == part.first:
                runs[-1].append(part.first)
            else:
                runs.append([part.first])
    return [Restarts(node.name, run[0], run[-1], len(run)) for run in runs if len(run) >= _RESTARTS_MIN]


def moments(cluster: Cluster) -> list[Moment]:
    """What files date, by time: last writes, snapshots, self-repairs. Empty where all times are one value."""
    found = [moment for node in cluster.nodes for moment in _moments(node)]
    dated = {round(moment.time) for moment in found if moment.kind is not MomentKind.SELF_REPAIR}
    if len(dated) < 2:
        found = [moment for moment in found if moment.kind is MomentKind.SELF_REPAIR]
    return sorted(found, key=lambda moment: (moment.time, moment.node, moment.path))


def _moments(node: Node) -> Iterator[Moment]:
    for file in node.state.files.values():
        if corrupt := parse_corrupt(file.name):
            time = corrupt.nanoseconds / 1e9
            yield Moment(time, node.name, MomentKind.SELF_REPAIR, file.at.path, file=corrupt.original)
    for file, kind, index in _dated_files(node):
        if file.mtime:
            yield Moment(file.mtime, node.name, kind, file.at.path, index)


def _dated_files(node: Node) -> Iterator[tuple[StateFile, MomentKind, int | None]]:
    """Files whose time dates something, with its index where it has one."""
    for snapshot in node.snapshots:
        if file := snapshot.data_file or snapshot.meta_file:
            yield file, MomentKind.SNAPSHOT, snapshot.name.index
    for closed in node.log.closed:
        yield closed.file, MomentKind.ENTRY_WRITTEN, closed.last
    for part in node.log.open:
        if part.last_read is not None:
            yield part.file, MomentKind.ENTRY_WRITTEN, part.last_read
    for file in node.state.of_role(FileRole.CLUSTER):
        yield file, MomentKind.ADDRESS_BOOK, None


def boots(node: Node) -> list[float]:
    """Estimated boot times of the host, seconds since 1970 UTC: a snapshot's file time less its monotonic stamp.

    Empty where the file times are the copy's.
    """
    stamps = [
        (snapshot.data_file.mtime, snapshot.name.timestamp_ms / 1000)
        for snapshot in sorted(node.snapshots, key=lambda snapshot: snapshot.name.index)
        if snapshot.data_file and snapshot.data_file.mtime
    ]
    if _times_of_the_copy(node) or any(
        later - sooner > (written - before) + _BOOT_SECONDS for (before, sooner), (written, later) in pairwise(stamps)
    ):
        return []
    times = sorted(written - stamp for written, stamp in stamps)
    return [time for position, time in enumerate(times) if position == 0 or time - times[position - 1] > _BOOT_SECONDS]


def _times_of_the_copy(node: Node) -> bool:
    """All of its files bear one time."""
    return len({round(file.mtime) for file in node.state.files.values() if file.mtime}) < 2
