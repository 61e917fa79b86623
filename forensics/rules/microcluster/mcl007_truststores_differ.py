"""MCL007: members that trust different members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.fault_kind import FaultKind
from forensics.parsers.microcluster import TrustEntry
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, listed


@dataclass(frozen=True, slots=True)
class TruststoresDiffer:
    """Two nodes whose truststores are not the same.

    Attributes:
        nodes: their names.
        names: members whose entries differ, or are on one of them only.
    """

    kind: ClassVar[str] = "truststores-differ"
    nodes: tuple[str, str]
    names: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{listed(self.nodes)} have different truststore entries for {listed(self.names)}")


@rule(
    "MCL007",
    "truststores differ between members",
    Severity.LOW,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Cluster,
    needs=(Needs.MICROCLUSTER, Needs.SEVERAL_NODES),
    fires_on=("microcluster/not-in-own-truststore",),
    silent_on=("healthy/k8sd",),
)
def truststores_differ(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The truststore of every member has the same names, with the same addresses and certificates.
    ## Why it matters
    Trust works only if each side has the other: from a node whose truststore lacks a member, that member cannot be
    reached.
    ## False alarm if
    A member joined or was removed less than one heartbeat before the copies, or they were made at different times.
    ## What to do
    Take the truststore of the leader as the right one, and compare it with `core_cluster_members`.
    ## References
    docs/reference/microcluster.md#state-directory; docs/reference/microcluster.md#relations-that-hold (relation 3)
    """
    stores = {
        node.name: node.microcluster.entries()
        for node in cluster.nodes
        if node.microcluster and node.microcluster.whole_truststore
    }
    if len(stores) < 2:
        yield NotChecked("at least two complete truststores are needed", "too-few-truststores")
        return
    first_name, first = next(iter(stores.items()))
    for name, entries in stores.items():
        names = tuple(sorted({str(item[0]) for item in _facts(entries) ^ _facts(first)}))
        if names:
            evidence = tuple(entry.at for entry in (*first, *entries) if str(entry.name) in names)
            yield Finding(TruststoresDiffer((first_name, name), names), evidence, nodes=(first_name, name))


def _facts(entries: list[TrustEntry]) -> set[tuple[str | None, str | None, str | None]]:
    return {(e.name, e.address, e.certificate.fingerprint if e.certificate else None) for e in entries}
