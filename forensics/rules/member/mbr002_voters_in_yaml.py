"""MBR002: too few voters, by cluster.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.yaml_membership import book_of
from forensics.parsers.roles import Role
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule


@rule(
    "MBR002",
    "too few voters, by cluster.yaml",
    Severity.MEDIUM,
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
    How many voters the newest cluster.yaml has. Only where no raft configuration arrived: with one, CLU015 judges
    that.
    ## Why it matters
    A leader needs a majority of the voters. Without any there is none, ever. Two voters stop when either stops:
    worse than one.
    ## False alarm if
    cluster.yaml lags: it is refreshed by the node's own loop, and frozen when the node stops.
    ## What to do
    No voter: recover with a forced configuration that has voters. Two: add a third member.
    ## References
    https://github.com/canonical/lxd/issues/7540; https://github.com/k3s-io/k3s/issues/1407; FACTS 6.3
    """
    if cluster.configuration is not None:
        yield NotChecked("a raft configuration is at hand: CLU015 judges that")
        return
    book = book_of(cluster)
    if book is None or not book.known:
        yield NotChecked("no cluster.yaml with real members")
        return
    if book.cut:
        yield NotChecked("only the beginning of cluster.yaml arrived")
        return
    voters = [member for member in book.members if member.role is Role.VOTER]
    if not voters:
        message = f"none of the {len(book.members)} members in cluster.yaml is a voter: no leader can be elected"
        yield Finding(message, (book.at,), Severity.CRITICAL, nodes=(book.node,), effect=Effect.BROKEN)
    elif len(voters) == 2:
        yield Finding("two voters: the cluster stops when either of them stops", (book.at,), nodes=(book.node,))
