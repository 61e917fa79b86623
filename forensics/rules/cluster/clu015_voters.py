"""CLU015: too few voters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, count

_NONE_STEPS = "Recover with a forced configuration that has voters (`plan`)."


@dataclass(frozen=True, slots=True)
class NoVoter:
    """A configuration without voters: its entry, and how many members it has."""

    kind: ClassVar[str] = "no-voter"
    configuration: int
    members: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "the cluster has no voter, so it cannot elect a leader",
            (f"The configuration of entry {self.configuration} has {count(self.members, 'member')} and no voter.",),
            _NONE_STEPS,
        )


@dataclass(frozen=True, slots=True)
class TwoVoters:
    """A configuration with two voters: its entry, and how many members it has."""

    kind: ClassVar[str] = "two-voters"
    configuration: int
    members: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "the cluster has two voters, and stops if one of them is down",
            (f"The configuration of entry {self.configuration} has {count(self.members, 'member')}.",),
        )


@rule(
    "CLU015",
    "cluster with too few voters",
    Severity.LOW,
    fault=FaultKind.ROLES,
    scope=Cluster,
    needs=(Needs.CONFIGURATION,),
    fires_on=("cluster/no-voters",),
    silent_on=("healthy/running-111",),
)
def voters(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    How many voters and how many members the newest configuration of the node that got furthest has.
    ## Why it matters
    A leader needs a majority of the voters. With no voter there is no leader until a configuration is forced: that is
    critical. With two voters the cluster stops as soon as one of them is down, so it is more fragile than a single
    node.
    ## False alarm if
    The cluster is just growing: it has two voters for a minute. Or somebody chose to have two members.
    ## What to do
    Add a third member.
    ## References
    canonical/lxd#7540; docs/reference/go-dqlite.md#what-the-files-mean
    """
    newest = cluster.configuration
    if newest is None or not newest.configuration.servers:
        return
    if cluster.configuration_may_be_older:
        yield NotChecked("a newer configuration may lie in what did not arrive", "configuration-may-be-older")
        return
    number, members = len(newest.configuration.voters()), len(newest.configuration.servers)
    if number == 0:
        problem = NoVoter(newest.index, members)
        yield Finding(problem, (newest.configuration.at,), Severity.CRITICAL, effect=Effect.BROKEN)
    elif number == 2:
        yield Finding(TwoVoters(newest.index, members), (newest.configuration.at,))
