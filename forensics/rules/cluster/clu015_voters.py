"""CLU015: too few voters."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "CLU015",
    "too few voters",
    Severity.LOW,
    scope=Cluster,
    needs=(Needs.CONFIGURATION,),
    fires_on=("cluster/no-voters",),
    silent_on=("healthy/running-111",),
)
def voters(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    How many voters the newest configuration of the node that got furthest has, and how many members.
    ## Why it matters
    A leader needs a majority of the voters. With none there is no leader, ever, until a configuration is forced. With
    two, each is indispensable: the cluster stops when either is down, more fragile than one node alone.
    ## False alarm if
    A cluster that is just growing has two voters for a minute. Two-member clusters are what somebody chose.
    ## What to do
    None: recover with a forced configuration that has voters (`plan`). Two: add a third member.
    ## References
    canonical/lxd#7540; FACTS 6.3
    """
    newest = cluster.configuration
    if newest is None or not newest.configuration.servers:
        return
    count, members = len(newest.configuration.voters()), len(newest.configuration.servers)
    where = f"the configuration of entry {newest.index}"
    if count == 0:
        message = f"{where} has {members} members and no voter: no leader can be elected"
        yield Finding(message, (newest.configuration.at,), Severity.CRITICAL, effect=Effect.BROKEN)
    elif count == 2:
        message = f"{where} has two voters: the cluster stops when either is down"
        yield Finding(message, (newest.configuration.at,))
