"""MBR006: k8sd and k8s-dqlite have different members."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case, Cluster
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule


@rule(
    "MBR006",
    "k8sd and k8s-dqlite have different members",
    Severity.LOW,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("member/two-databases-differ",),
    silent_on=("member/two-databases-agree",),
)
def two_databases(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The hosts of the newest raft configurations of the two databases of Canonical Kubernetes: each control-plane node
    is a member of both, at the same address and another port.
    ## Why it matters
    A node in one of them only is a join or a removal that stopped half-way. In k8s-dqlite it counts for the majority of
    the Kubernetes datastore although `k8s status` does not show it; in k8sd it is shown and holds no data.
    ## False alarm if
    During a join or a removal; and where the two databases are reached over different networks, which is only
    recognised where they have no address in common.
    ## What to do
    `k8s status` and `.cluster` of k8s-dqlite side by side. Remove the node that is in one only, by name through
    `k8s remove-node`, else by address in the database that still has it.
    ## References
    canonical/k8s-snap src/k8s/pkg/k8sd/app (join and remove hooks); FACTS 8.3 (relation 10)
    """
    k8sd = _only(case, "k8sd")
    kubernetes = _only(case, "k8s-dqlite")
    if k8sd is None or kubernetes is None or k8sd.configuration is None or kubernetes.configuration is None:
        yield NotChecked("there is not one cluster of k8sd and one of k8s-dqlite, each with a raft configuration")
        return
    theirs, ours = _hosts(k8sd), _hosts(kubernetes)
    if not theirs & ours:
        yield NotChecked("the two databases have no address in common: they may use different networks")
        return
    evidence = (kubernetes.configuration.configuration.at, k8sd.configuration.configuration.at)
    if ours - theirs:
        yield Finding(f"in k8s-dqlite and not in k8sd: {', '.join(sorted(ours - theirs))}", evidence)
    if theirs - ours:
        yield Finding(f"in k8sd and not in k8s-dqlite: {', '.join(sorted(theirs - ours))}", evidence)


def _only(case: Case, database: str) -> Cluster | None:
    found = [cluster for cluster in case.clusters if cluster.product.database == database]
    return found[0] if len(found) == 1 else None


def _hosts(cluster: Cluster) -> set[str]:
    configuration = cluster.configuration
    servers = configuration.configuration.servers if configuration else ()
    return {server.address.rpartition(":")[0] for server in servers}
