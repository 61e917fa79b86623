"""MBR001: members that look dead: spares where stand-bys are wanted."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.yaml_membership import book_of, networks
from forensics.parsers.roles import Role
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule

_WANTED = 6  # three voters and three stand-bys (FACTS 6.3)
_ROLES_FROM = 3  # members: below that, go-dqlite keeps one voter and leaves the other a spare (app/roles.go, Adjust)
BOOTSTRAP_ID = 3297041220608546238


@rule(
    "MBR001",
    "members that look dead: spares where stand-bys are wanted",
    Severity.MEDIUM,
    scope=Cluster,
    needs=(Needs.CLUSTER,),
    effect=Effect.ATTENTION,
    fires_on=("member/stale-spares",),
    silent_on=("healthy/running-111",),
)
def stale_spares(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Spares in the newest cluster.yaml while fewer voters and stand-bys stand in it than the defaults want (3 and 3),
    and whether they lie in another network than the voters.
    ## Why it matters
    Role management makes every reachable member a voter or stand-by until 3 and 3 are reached, and demotes those
    that it cannot reach to spare. A spare beside a free place is therefore a member that nobody can reach: removed
    without telling the cluster, or a machine whose address changed (it then stands twice, at the old and the new
    address). Stale members slow every search for a leader; one with the founder's id is a trap when it comes back.
    ## False alarm if
    A member that joined a moment ago is a spare until the next round (30 seconds): where each spare's own directory
    arrived, the finding is `low`. Clusters with other role settings. With two members the second is always a spare:
    MBR020 speaks of that.
    ## What to do
    Ask whether these machines exist. If not, remove them on a working node (MicroK8s: `microk8s remove-node ADDRESS
    --force`; dqlite shell: `.remove ADDRESS`).
    ## References
    https://github.com/canonical/microk8s/issues/5000; https://github.com/canonical/microk8s/issues/1604; FACTS 6.3,
    8.3
    """
    book = book_of(cluster)
    if book is None or not book.known or len(book.members) < _ROLES_FROM:
        return
    if book.cut:
        yield NotChecked("only the beginning of cluster.yaml arrived")
        return
    spares = [member for member in book.members if member.role is Role.SPARE]
    wanted = [member for member in book.members if member.role in (Role.VOTER, Role.STANDBY)]
    voters = [member for member in book.members if member.role is Role.VOTER]
    if not spares or not voters or len(wanted) >= _WANTED:
        return
    if cluster.configuration is not None:  # raft's own word counts more than an address book
        roles = {server.id: server.role for server in cluster.configuration.configuration.servers}
        spares = [member for member in spares if roles.get(member.id or 0) is Role.SPARE]
        if not spares:
            return
    names = ", ".join(member.address or "?" for member in spares)
    elsewhere = networks(spares).isdisjoint(networks(voters)) and bool(networks(spares))
    where = " in another network than the voters: an old address range" if elsewhere else ""
    founder = "; one has the bootstrap id" if any(member.id == BOOTSTRAP_ID for member in spares) else ""
    count = f"{len(spares)} of {len(book.members)} members are spares"
    message = f"{count}{where}: probably dead or stale ({names}){founder}"
    severity = Severity.HIGH if elsewhere and len(spares) > 1 else None
    arrived = {node.id for node in cluster.nodes}
    if len(voters) == 1:
        message, severity = f"{message}, or just joined", Severity.LOW
    elif not elsewhere and all(member.id in arrived for member in spares):
        message, severity = f"{count}, and sent their directories: just joined, or cut off ({names})", Severity.LOW
    spans = tuple(member.at for member in spares[:5])
    yield Finding(message, spans, severity, nodes=(book.node,), effect=Effect.ATTENTION)
