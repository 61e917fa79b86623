"""MBR002: too few voters, by cluster.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.yaml_membership import book_of
from forensics.fault_kind import FaultKind
from forensics.parsers.roles import Role
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, count


@dataclass(frozen=True, slots=True)
class NoVoter:
    """A cluster.yaml without voters, and how many members it has."""

    kind: ClassVar[str] = "no-voter"
    members: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "by cluster.yaml the cluster has no voter, so it cannot elect a leader",
            (f"It lists {count(self.members, 'member')}, and none of them is a voter.",),
            "Recover with a forced configuration that has voters.",
        )


@dataclass(frozen=True, slots=True)
class TwoVoters:
    """A cluster.yaml with two voters, and how many members it has."""

    kind: ClassVar[str] = "two-voters"
    members: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "by cluster.yaml the cluster has two voters, and stops if one of them stops",
            (f"It lists {count(self.members, 'member')}.",),
        )


@rule(
    "MBR002",
    "too few voters, by cluster.yaml",
    Severity.MEDIUM,
    fault=FaultKind.ROLES,
    scope=Cluster,
    needs=(Needs.CLUSTER,),
    effect=Effect.DEGRADED,
    fires_on=(
        "member/two-voters",
        "member/no-voters",
    ),
    silent_on=("member/stale-spares",),
)
def voters_in_yaml(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    How many voters the newest cluster.yaml has. If a raft configuration arrived, CLU015 judges that instead.
    ## Why it matters
    A leader needs a majority of the voters. With no voter there is no leader until a configuration is forced: that is
    critical. With two voters the cluster stops as soon as one of them stops, which is worse than one node alone.
    ## False alarm if
    cluster.yaml is out of date: the node writes it from time to time, and no more once it has stopped.
    ## What to do
    Add a third member.
    ## References
    https://github.com/canonical/lxd/issues/7540; https://github.com/k3s-io/k3s/issues/1407;
    docs/reference/go-dqlite.md#what-the-files-mean
    """
    if cluster.configuration is not None:
        yield NotChecked("a raft configuration arrived, which other rules judge", "raft-configuration-at-hand")
        return
    book = book_of(cluster)
    if book is None or not book.known:
        yield NotChecked("there is no cluster.yaml with real members", "no-members-listed")
        return
    if book.cut:
        yield NotChecked("only the beginning of cluster.yaml arrived", "cluster-yaml-cut")
        return
    voters, members = sum(member.role is Role.VOTER for member in book.members), len(book.members)
    if voters == 0:
        yield Finding(NoVoter(members), (book.at,), Severity.CRITICAL, nodes=(book.node,), effect=Effect.BROKEN)
    elif voters == 2:
        yield Finding(TwoVoters(members), (book.at,), nodes=(book.node,))
