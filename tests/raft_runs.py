"""Raft runs with a known truth: a small simulator that writes the state directories its servers would leave.

It follows canonical/dqlite's src/raft where that decides what lands on disk: a leader commits by counting entries of
its own term only (replication.c, replicationQuorum), changes the members only when it knows the change before to be
committed (membership.c, start.c), a server uses a configuration as soon as it has stored it, an only voter leads
without a new term (convert.c). Every message is either delivered and answered at once, or lost.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from tests.made_clusters import BARRIER, CHANGE, COMMAND, Entry, command, configuration, info, metadata, segment
from tests.raft_bytes import meta

Servers = dict[int, int]  # ID → role as on disk: 0 stand-by, 1 voter, 2 spare
VOTER, SPARE = 1, 2
_BASE = 101 << 32


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry, and the members where it is a change; `forced` where nobody was asked."""

    entry: Entry
    servers: tuple[tuple[int, int], ...] | None = None
    forced: bool = False

    @property
    def term(self) -> int:
        """Of the entry."""
        return self.entry[0]


@dataclass(slots=True)
class Server:
    """What one server has on disk, and what it forgets in a crash (`commit`, `leads`, `match`).

    Attributes:
        log: every entry of its history; those up to `trimmed` are no longer on disk.
        snapshot: index of its snapshot; 0 without one.
    """

    id: int
    log: list[Stored] = field(default_factory=list)
    trimmed: int = 0
    snapshot: int = 0
    term: int = 0
    vote: int = 0
    up: bool = True
    commit: int = 0
    leads: bool = False
    match: dict[int, int] = field(default_factory=dict)

    @property
    def last(self) -> tuple[int, int]:
        """(term, index) of the last entry."""
        return (self.log[-1].term if self.log else 0), len(self.log)

    def configuration(self, up_to: int | None = None) -> tuple[int, Servers]:
        """(index, members) of the newest configuration stored, up to an index."""
        for index in range(len(self.log) if up_to is None else up_to, 0, -1):
            servers = self.log[index - 1].servers
            if servers is not None:
                return index, dict(servers)
        return 0, {}

    def voters(self) -> set[int]:
        """By its newest configuration."""
        return {key for key, role in self.configuration()[1].items() if role == VOTER}


def address(server_id: int) -> str:
    """Each server has its own."""
    return f"10.0.0.{server_id - _BASE + 1}:9001"


class Run:
    """A cluster's life. `committed` is the truth: every entry that a leader committed, in order."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a reproducible run
        self.barriers = self.random.random() < 0.5  # raft 0.17.1 and later: a leader starts with one
        self.words = count()
        founder = Server(_BASE, term=1, commit=1, leads=True)
        founder.log.append(_change(1, {_BASE: VOTER}))
        self.servers: dict[int, Server] = {_BASE: founder}
        self.committed: list[Stored] = list(founder.log)
        self.led: dict[int, int] = {1: _BASE}
        self.told: list[str] = []
        for _ in range(self.random.choice((2, 2, 4))):
            self.grow(founder)

    def grow(self, leader: Server) -> None:
        """A new server joins and becomes a voter, nothing lost on the way."""
        self.join(leader)
        new = max(self.servers)
        for server in self.servers.values():
            self.replicate(leader, server)
        self.assign(leader, new, VOTER)
        for server in self.servers.values():
            self.replicate(leader, server)

    def steps(self, count: int) -> None:
        """So many things happen."""
        for _ in range(count):
            self.step()

    def force(self, server: Server, writes: int) -> None:
        """A recovery to itself alone (raft_recover: term 1, metadata untouched), and what it then writes."""
        self.tell(f"{server.id - _BASE} is recovered alone at {len(server.log) + 1}")
        server.log.append(replace(_change(1, {server.id: VOTER}), forced=True))
        for _ in range(writes):
            server.log.append(Stored((max(server.term, 1), COMMAND, command(f"alone {next(self.words)}"))))

    def step(self) -> None:
        """Something happens."""
        server = self.random.choice(list(self.servers.values()))
        leaders = [one for one in self.servers.values() if one.leads]
        deed = self.random.random()
        if deed < 0.08:
            self.crash(server)
        elif deed < 0.20:
            server.up = True
        elif deed < 0.32:
            self.stand(server)
        elif leaders:
            self._lead(self.random.choice(leaders), server, deed)

    def _lead(self, leader: Server, other: Server, deed: float) -> None:
        if deed < 0.58:
            self.append(leader, Stored((leader.term, COMMAND, command(f"row {next(self.words)}"))))
        elif deed < 0.90:
            self.replicate(leader, other, self.random.choice((0, 1, 2, 100)))
        elif deed < 0.93:
            self.take_snapshot(other)
        elif deed < 0.945:
            self.join(leader)
        elif deed < 0.98:
            role = self.random.choice((VOTER, VOTER, 0, SPARE))
            self.assign(leader, other.id, role)
        else:
            self.remove(leader, other.id)

    def crash(self, server: Server) -> None:
        """It stops; an only voter that comes back leads at once."""
        self.tell(f"{server.id - _BASE} stops")
        server.up = server.leads = False
        server.commit = max(server.snapshot, min(len(server.log), 1))

    def stand(self, server: Server) -> None:
        """An election, whose messages may be lost."""
        voters = server.voters()
        if not server.up or server.leads or server.id not in voters:
            return
        if len(voters) == 1 and self.led.get(server.term, server.id) != server.id:
            return  # dqlite does lead then, in another's term: an index and term twice, which CLU003 rightly tells of
        if len(voters) > 1:
            server.term, server.vote = server.term + 1, server.id
            votes = {server.id}
            for key in voters - {server.id}:
                other = self.servers[key]
                if other.up and self.random.random() < 0.8 and self.ask(server, other):
                    votes.add(key)
            if len(votes) <= len(voters) // 2:
                return
        self.tell(f"{server.id - _BASE} leads in term {server.term}")
        server.leads, server.match, self.led[server.term] = True, {}, server.id
        if self.barriers and len(voters) > 1:
            self.append(server, Stored((server.term, BARRIER, bytes(8))))
        self.count(server)

    def ask(self, candidate: Server, other: Server) -> bool:
        """Whether `other` votes for the candidate."""
        if other.term > candidate.term:
            return False
        if other.term < candidate.term:
            other.term, other.vote, other.leads = candidate.term, 0, False
        if other.id not in other.voters() or other.vote not in (0, candidate.id) or candidate.last < other.last:
            return False
        other.vote = candidate.id
        return True

    def append(self, leader: Server, stored: Stored) -> None:
        """A leader stores an entry of its own."""
        leader.log.append(stored)
        self.count(leader)

    def replicate(self, leader: Server, other: Server, at_most: int = 100) -> None:
        """A leader sends so many entries behind what the two share, and hears the answer."""
        if not (leader.leads and leader.up and other.up) or other is leader or other.term > leader.term:
            return
        if other.id not in leader.configuration()[1]:
            return
        if other.term < leader.term:
            other.term, other.vote = leader.term, 0
        other.leads = False
        shared = _shared(leader.log, other.log)
        if shared < leader.trimmed:
            shared = self.install(leader, other)
        sent = leader.log[shared : shared + at_most]
        if sent and (other.log[shared : shared + len(sent)] != sent):
            other.log[shared:] = sent
        leader.match[other.id] = shared + len(sent)
        self.count(leader)
        other.commit = max(other.commit, min(leader.commit, shared + len(sent)))

    def install(self, leader: Server, other: Server) -> int:
        """The leader's log starts too late: its snapshot replaces everything that `other` had."""
        self.tell(f"{other.id - _BASE} gets the snapshot {leader.snapshot}")
        other.log = leader.log[: leader.snapshot]
        other.trimmed = other.snapshot = other.commit = leader.snapshot
        return leader.snapshot

    def count(self, leader: Server) -> None:
        """What a majority of the voters stores of the leader's own term is committed."""
        voters = leader.voters()
        for index in range(len(leader.log), leader.commit, -1):
            if leader.log[index - 1].term != leader.term:
                return
            holding = {key for key in voters if leader.match.get(key, 0) >= index} | ({leader.id} & voters)
            if len(holding) > len(voters) // 2:
                leader.commit = index
                self._commit(leader)
                return

    def _commit(self, leader: Server) -> None:
        known = self.committed[: leader.commit]
        assert leader.log[: len(known)] == known, "the simulator broke raft"
        self.committed += leader.log[len(known) : leader.commit]
        if leader.id not in leader.voters() and leader.configuration()[0] <= leader.commit:
            leader.leads = False

    def change(self, leader: Server, servers: Servers) -> None:
        """A leader changes the members, if it knows the change before to be committed."""
        if leader.leads and leader.configuration()[0] <= leader.commit and VOTER in servers.values():
            roles = {key - _BASE: role for key, role in servers.items()}
            self.tell(f"{leader.id - _BASE} makes {roles} entry {len(leader.log) + 1}")
            self.append(leader, _change(leader.term, servers))

    def join(self, leader: Server) -> None:
        """A new server, as a spare."""
        new = max(self.servers) + 1
        if len(self.servers) < 7:
            self.change(leader, leader.configuration()[1] | {new: SPARE})
            if new in leader.configuration()[1]:
                self.servers[new] = Server(new)

    def assign(self, leader: Server, key: int, role: int) -> None:
        """Another role; a voter must have caught up nearly (membership.c: its last round may lack a few entries)."""
        servers = leader.configuration()[1]
        if servers.get(key, role) == role or (role == VOTER and len(leader.log) - leader.match.get(key, 0) > 3):
            return
        self.change(leader, servers | {key: role})

    def remove(self, leader: Server, key: int) -> None:
        """It is a member no more."""
        servers = leader.configuration()[1]
        if servers.pop(key, None) is not None:
            self.change(leader, servers)

    def take_snapshot(self, server: Server) -> None:
        """Of what it knows to be committed; part of the log before may go."""
        if server.up and server.commit > server.snapshot:
            server.snapshot = server.commit
            least = max(server.trimmed, server.snapshot - 4)
            server.trimmed = self.random.choice((server.trimmed, least, server.snapshot))

    def tell(self, words: str) -> None:
        """For a failing test to show."""
        self.told.append(words)

    def safe(self) -> list[Stored]:
        """The longest history that no election from here can drop: what is committed, and what any leader would have.

        Where nobody can be elected, nothing is dropped.
        """
        fit = [server for server in self.servers.values() if self._electable(server)]
        best = max(fit or self.servers.values(), key=lambda one: one.last).log
        index = min((_shared(best, server.log) for server in fit), default=len(best))
        return max((self.committed, best[:index]), key=len)

    def _electable(self, server: Server) -> bool:
        voters = server.voters()
        willing = [
            key
            for key in voters
            if self.servers[key].last <= server.last and (key in self.servers[key].voters() or key == server.id)
        ]
        return server.id in voters and len(willing) > len(voters) // 2

    def files(self, server: Server) -> dict[str, bytes]:
        """Its state directory."""
        name = f"n{server.id - _BASE + 1}"
        files = {f"{name}/info.yaml": info(server.id, address(server.id))}
        files[f"{name}/metadata1"] = metadata(max(server.term, 1), server.vote)
        first = server.trimmed + 1
        for rows in self._segments(server):
            last = first + len(rows) - 1
            closed = (
                last < len(server.log) or first <= server.snapshot or rows[0].forced
            )  # a snapshot closes them first
            path = f"{first:016d}-{last:016d}" if closed or self.random.random() < 0.5 else "open-1"
            files[f"{name}/{path}"] = segment([stored.entry for stored in rows], self.random.choice((1, 3)))
            first = last + 1
        if server.snapshot:
            at, servers = server.configuration(server.snapshot)
            title = f"{name}/snapshot-{server.log[server.snapshot - 1].term}-{server.snapshot}-1000"
            files[title] = (1).to_bytes(8, "little") + bytes(8)  # no database
            files[f"{title}.meta"] = meta(_configuration(servers), at)
        return files

    def _segments(self, server: Server) -> Iterator[list[Stored]]:
        """Its log in pieces; a forced configuration in one of its own."""
        rest = server.log[server.trimmed :]
        while rest:
            size = next((i for i, stored in enumerate(rest) if stored.forced), len(rest))
            size = self.random.randint(1, size) if size else 1
            yield rest[:size]
            rest = rest[size:]


def _shared(one: list[Stored], other: list[Stored]) -> int:
    """How many entries they have in common from the start."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _change(term: int, servers: Servers) -> Stored:
    return Stored((term, CHANGE, _configuration(servers)), tuple(sorted(servers.items())))


def _configuration(servers: Servers) -> bytes:
    return configuration(*((key, address(key), role) for key, role in sorted(servers.items())))
