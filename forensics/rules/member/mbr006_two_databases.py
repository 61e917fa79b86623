"""MBR006: k8sd and k8s-dqlite have different members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Case, Cluster
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.wording import Words, listed, verb

_KUBERNETES, _K8SD = "k8s-dqlite", "k8sd"


@dataclass(frozen=True, slots=True)
class OnlyInOne:
    """Hosts that are members of one of the two databases only.

    Attributes:
        hosts: their addresses.
        database: where they are members.
        other: where they are not.
    """

    kind: ClassVar[str] = "only-in-one"
    hosts: tuple[str, ...]
    database: str
    other: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        are = verb(len(self.hosts), "is a member", "are members")
        return Words(f"{listed(self.hosts)} {are} of {self.database}, but not of {self.other}")


@rule(
    "MBR006",
    "k8sd and k8s-dqlite have different members",
    Severity.LOW,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("member/two-databases-differ",),
    silent_on=("member/two-databases-agree",),
)
def two_databases(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The hosts in the newest raft configurations of the two databases of Canonical Kubernetes. Each control-plane node is
    a member of both, at the same address with another port.
    ## Why it matters
    A node that is in one of them only shows a join or a removal that stopped halfway. In k8s-dqlite it counts for the
    majority of the Kubernetes datastore, although `k8s status` does not show it. In k8sd it is shown, but holds no
    data.
    ## False alarm if
    A join or a removal was running, or the two databases are reached over different networks. The latter is noticed
    only if they have no address in common.
    ## What to do
    Compare `k8s status` with `.cluster` of k8s-dqlite. Remove the node that is in one only: by name with `k8s
    remove-node`, or by address in the database that still has it.
    ## References
    canonical/k8s-snap src/k8s/pkg/k8sd/app (join and remove hooks);
    docs/reference/microcluster.md#relations-that-hold (relation 10)
    """
    k8sd, kubernetes = _only(case, _K8SD), _only(case, _KUBERNETES)
    if k8sd is None or kubernetes is None or k8sd.configuration is None or kubernetes.configuration is None:
        yield NotChecked(
            "there is not exactly one cluster of k8sd and one of k8s-dqlite, each with a raft configuration",
            "no-two-databases",
        )
        return
    theirs, ours = _hosts(k8sd), _hosts(kubernetes)
    if not theirs & ours:
        yield NotChecked(
            "the two databases have no address in common, so they may use different networks", "no-common-address"
        )
        return
    evidence = (kubernetes.configuration.configuration.at, k8sd.configuration.configuration.at)
    for hosts, database, other in ((ours - theirs, _KUBERNETES, _K8SD), (theirs - ours, _K8SD, _KUBERNETES)):
        if hosts:
            yield Finding(OnlyInOne(tuple(sorted(hosts)), database, other), evidence, where=(database,))


def _only(case: Case, database: str) -> Cluster | None:
    found = [cluster for cluster in case.clusters if cluster.product.database == database]
    return found[0] if len(found) == 1 else None


def _hosts(cluster: Cluster) -> set[str]:
    configuration = cluster.configuration
    servers = configuration.configuration.servers if configuration else ()
    return {server.address.rpartition(":")[0] for server in servers}
