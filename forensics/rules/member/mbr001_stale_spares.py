"""MBR001: members that look dead: spares where stand-bys are wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.yaml_membership import Book, book_of, networks
from forensics.fault_kind import FaultKind
from forensics.on_disk import BOOTSTRAP_ID
from forensics.parsers.member_record import MemberRecord
from forensics.parsers.roles import Role
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, listed, sentences, verb

_WANTED = 6  # three voters and three stand-bys (docs/reference/go-dqlite.md#what-the-files-mean)
_ROLES_FROM = 3  # members: below that, go-dqlite keeps one voter and leaves the other a spare (app/roles.go, Adjust)
_SHOWN = 5
_REMOVE = (
    "Ask whether these machines exist. If not, remove them on a working node, with the product's own command or with "
    "`.remove ADDRESS` of the dqlite shell."
)
_WAIT = (
    "See whether these members reach the voters. If they joined a moment ago, they become stand-bys or voters by "
    "themselves. If not, their journals say why."
)


class Guess(Enum):
    """What the spares probably are."""

    DEAD = "dead"
    DEAD_OR_NEW = "dead-or-new"  # there is one voter only: they may have just joined
    NEW_OR_CUT_OFF = "new-or-cut-off"  # their own directories arrived


@dataclass(frozen=True, slots=True)
class StaleSpares:
    """Spares, while there are places for voters and stand-bys.

    Attributes:
        spares: their addresses.
        members: how many members there are.
        other_network: they are in another network than the voters.
        founder: one of them has the founder's ID.
        guess: what they probably are.
    """

    kind: ClassVar[str] = "stale-spares"
    spares: tuple[str, ...]
    members: int
    other_network: bool
    founder: bool
    guess: Guess

    def words(self, severity: Severity) -> Words:
        """See Problem."""
        number = len(self.spares)
        guess = {
            Guess.DEAD: verb(number, "looks dead", "look dead"),
            Guess.DEAD_OR_NEW: verb(number, "looks dead, or has just joined", "look dead, or have just joined"),
            Guess.NEW_OR_CUT_OFF: verb(number, "has just joined, or is cut off", "have just joined, or are cut off"),
        }[self.guess]
        are = verb(number, "is a spare", "are spares")
        return Words(
            f"{listed(self.spares, 2)} {guess}",
            sentences(
                f"{number} of {self.members} members {are}, although there are free places for voters and stand-bys: "
                f"{listed(self.spares, None)}.",
                verb(number, "Its own directory arrived.", "Their own directories arrived.")
                if self.guess is Guess.NEW_OR_CUT_OFF
                else "",
                verb(number, "It is", "They are") + " in another network than the voters: perhaps an old address range."
                if self.other_network
                else "",
                "One of them has the founder's ID." if self.founder else "",
            ),
            _WAIT if severity is Severity.LOW else _REMOVE,
        )


@rule(
    "MBR001",
    "members that look dead: spares although places are free",
    Severity.MEDIUM,
    fault=FaultKind.ROLES,
    scope=Cluster,
    needs=(Needs.CLUSTER,),
    effect=Effect.ATTENTION,
    fires_on=("member/stale-spares",),
    silent_on=("healthy/running-111",),
)
def stale_spares(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Whether the newest cluster.yaml has spares although it has fewer voters and stand-bys than the defaults (3 and 3),
    and whether the spares are in another network than the voters.
    ## Why it matters
    Role management makes reachable members voters or stand-bys until there are 3 and 3, and makes members that it
    cannot reach spares. So a spare beside a free place is a member that nobody can reach: its machine was removed
    without telling the cluster, or its address changed (then it is listed twice, at the old and the new address).
    Such members slow down every search for a leader, and one with the founder's ID can do harm if it comes back.
    ## False alarm if
    A member joined a moment ago: it is a spare until the next round, 30 seconds later. If each spare's own directory
    arrived, or there is one voter only, the finding is milder for that reason. Other role settings leave spares too.
    With two members the second one is always a spare, and MBR020 says so.
    ## What to do
    Ask whether these machines exist. If not, remove them on a working node, with the product's own command or with
    `.remove ADDRESS` of the dqlite shell.
    ## References
    https://github.com/canonical/microk8s/issues/5000; https://github.com/canonical/microk8s/issues/1604;
    docs/reference/go-dqlite.md#what-the-files-mean; docs/reference/microcluster.md#relations-that-hold
    """
    book = book_of(cluster)
    if book is None or not book.known or len(book.members) < _ROLES_FROM:
        return
    if book.cut:
        yield NotChecked("only the beginning of cluster.yaml arrived", "cluster-yaml-cut")
        return
    voters = [member for member in book.members if member.role is Role.VOTER]
    placed = [member for member in book.members if member.role in (Role.VOTER, Role.STANDBY)]
    spares = _spares(cluster, book)
    if spares and voters and len(placed) < _WANTED:
        other_network = bool(networks(spares)) and networks(spares).isdisjoint(networks(voters))
        guess = _guess(cluster, spares, alone=len(voters) == 1, other_network=other_network)
        addresses = tuple(member.address or "an unknown address" for member in spares)
        founder = any(member.id == BOOTSTRAP_ID for member in spares)
        yield Finding(
            StaleSpares(addresses, len(book.members), other_network, founder, guess),
            tuple(member.at for member in spares[:_SHOWN]),
            _severity(guess, far=other_network and len(spares) > 1),
            nodes=(book.node,),
            effect=Effect.ATTENTION,
        )


def _spares(cluster: Cluster, book: Book) -> list[MemberRecord]:
    """Those of cluster.yaml; raft's own word counts more than an address book."""
    spares = [member for member in book.members if member.role is Role.SPARE]
    if cluster.configuration is None:
        return spares
    roles = {server.id: server.role for server in cluster.configuration.configuration.servers}
    return [member for member in spares if roles.get(member.id or 0) is Role.SPARE]


def _guess(cluster: Cluster, spares: list[MemberRecord], *, alone: bool, other_network: bool) -> Guess:
    arrived = {node.id for node in cluster.nodes}
    if alone:
        return Guess.DEAD_OR_NEW
    if not other_network and all(member.id in arrived for member in spares):
        return Guess.NEW_OR_CUT_OFF
    return Guess.DEAD


def _severity(guess: Guess, *, far: bool) -> Severity | None:
    """Several in another network are no accident."""
    if guess is not Guess.DEAD:
        return Severity.LOW
    return Severity.HIGH if far else None
