"""What a plan needs to know besides the cluster itself: the machines, and the product's other database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.machine.host import Host
from forensics.plan.expected_start import expected_starts
from forensics.plan.ranking import rank

_SNAPS = {"k8s-dqlite": "k8s", "k8sd": "k8s", "sunbeam": "openstack"}  # the others are called as their database
_SIBLINGS = {"k8s-dqlite": "k8sd", "k8sd": "k8s-dqlite"}  # one command recovers both


@dataclass(frozen=True, slots=True)
class PlanContext:
    """All of it may be unknown.

    Attributes:
        hosts: the machine of each node, by the node's name.
        sibling: of Canonical Kubernetes, the other database, and the nodes that it is best recovered from.
    """

    hosts: Mapping[str, Host] = field(default_factory=dict)
    sibling: tuple[str, tuple[str, ...]] | None = None

    def version(self, database: str, node: str) -> tuple[int, ...] | None:
        """The product's version on a node's machine, as its snap has it: `5.21.2-22f93f4` → (5, 21, 2)."""
        host = self.hosts.get(node)
        text = host.snaps.get(_SNAPS.get(database, database), "") if host else ""
        found = re.match(r"v?(\d+(?:\.\d+)*)", text)
        return tuple(int(part) for part in found[1].split(".")) if found else None


def context_of(case: Case, cluster: Cluster) -> PlanContext:
    """Of one cluster of the case."""
    hosts = {node.name: host for node in cluster.nodes if (host := case.host_of(node)) is not None}
    wanted = _SIBLINGS.get(cluster.product.database)
    others = [other for other in case.clusters if other.product.database == wanted]
    if wanted is None or len(others) != 1:
        return PlanContext(hosts)
    ranking = rank(others[0], expected_starts(others[0]))
    best = tuple(candidate.node for candidate in ranking if candidate.rank == 1)
    return PlanContext(hosts, (wanted, best) if best else None)
