"""MBR020: one voter among several members, by cluster.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.yaml_membership import book_of
from forensics.parsers.roles import Role
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule


@rule(
    "MBR020",
    "one voter among several members, by cluster.yaml",
    Severity.LOW,
    scope=Cluster,
    needs=(Needs.CLUSTER,),
    effect=Effect.ATTENTION,
    fires_on=("member/one-voter",),
    silent_on=("member/stale-spares", "member/healthy-yaml"),
)
def one_voter(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Exactly one voter in the newest cluster.yaml that has two members or more. Only where no raft configuration arrived.
    ## Why it matters
    Everything hangs on that one member: when it stops nobody answers, and when it is lost so are the entries that the
    others do not have. go-dqlite makes more voters only from three members on; where somebody expected three, the
    third is missing.
    ## False alarm if
    Two members are what somebody chose. A third one that joined a moment ago becomes a voter within 30 seconds.
    ## What to do
    Ask how many members there should be. For high availability: three. Never remove the voter; it has the data.
    ## References
    canonical/go-dqlite app/roles.go; https://github.com/canonical/go-dqlite/issues/293;
    https://github.com/canonical/microk8s/issues/3448
    """
    if cluster.configuration is not None:
        yield NotChecked("a raft configuration is at hand")
        return
    book = book_of(cluster)
    if book is None or not book.known or book.cut:
        yield NotChecked("no whole cluster.yaml with real members")
        return
    voters = [member for member in book.members if member.role is Role.VOTER]
    if len(voters) != 1 or len(book.members) < 2:
        return
    others = ", ".join(member.address or "?" for member in book.members if member is not voters[0])
    message = f"{voters[0].address} is the only voter of {len(book.members)} members ({others}): all hangs on it"
    yield Finding(message, (voters[0].at,), nodes=(book.node,))
