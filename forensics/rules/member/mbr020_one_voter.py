"""MBR020: one voter among several members, by cluster.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.yaml_membership import book_of
from forensics.fault_kind import FaultKind
from forensics.parsers.roles import Role
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, count, listed, verb


@dataclass(frozen=True, slots=True)
class OneVoter:
    """The address of the only voter, and those of the other members."""

    kind: ClassVar[str] = "one-voter"
    voter: str
    others: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        members = count(len(self.others) + 1, "member")
        return Words(
            f"{self.voter} is the only voter of {members}: if it stops, the cluster stops",
            (f"{listed(self.others)} {verb(len(self.others), 'is not a voter', 'are not voters')}.",),
        )


@rule(
    "MBR020",
    "one voter among several members, by cluster.yaml",
    Severity.LOW,
    fault=FaultKind.ROLES,
    scope=Cluster,
    needs=(Needs.CLUSTER,),
    effect=Effect.ATTENTION,
    fires_on=("member/one-voter",),
    silent_on=("member/stale-spares", "member/healthy-yaml"),
)
def one_voter(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Whether the newest cluster.yaml has two members or more, and exactly one voter. If a raft configuration arrived,
    nothing is checked here.
    ## Why it matters
    Everything depends on that one member: if it stops, nobody answers; if it is lost, so are the entries that the
    others do not have. go-dqlite makes more members voters only if there are at least three. If somebody expected
    three, the third one is missing.
    ## False alarm if
    Somebody chose to have two members. A third member that joined a moment ago becomes a voter within 30 seconds.
    ## What to do
    Ask how many members there should be. High availability needs three. Never remove the voter: it has the data.
    ## References
    canonical/go-dqlite app/roles.go; https://github.com/canonical/go-dqlite/issues/293;
    https://github.com/canonical/microk8s/issues/3448
    """
    if cluster.configuration is not None:
        yield NotChecked("a raft configuration arrived, which other rules judge", "raft-configuration-at-hand")
        return
    book = book_of(cluster)
    if book is None or not book.known or book.cut:
        yield NotChecked("there is no complete cluster.yaml with real members", "no-whole-member-list")
        return
    voters = [member for member in book.members if member.role is Role.VOTER]
    if len(voters) == 1 and len(book.members) > 1:
        voter, *others = [voters[0], *(member for member in book.members if member is not voters[0])]
        addresses = tuple(member.address or "an unknown address" for member in others)
        address = voter.address or "an unknown address"
        yield Finding(OneVoter(address, addresses), (voter.at,), nodes=(book.node,), where=(address,))
