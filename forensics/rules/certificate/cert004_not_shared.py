"""CERT004: cluster.crt must be one and the same on all members; server.crt must not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.certificates import Certificate
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, joined, listed

_SHOWN_DIGITS = 16  # of a fingerprint: enough to compare by eye


@dataclass(frozen=True, slots=True)
class Holders:
    """One certificate and the nodes that have it.

    Attributes:
        nodes: their names.
        fingerprint: SHA-256 of the certificate, in hex.
    """

    nodes: tuple[str, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ClusterCertificatesDiffer:
    """Not all members have the same cluster.crt.

    Attributes:
        groups: who has which, the largest group first.
    """

    kind: ClassVar[str] = "cluster-certificates-differ"
    groups: tuple[Holders, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        held = [f"{group.fingerprint[:_SHOWN_DIGITS]} on {listed(group.nodes)}" for group in self.groups]
        return Words("not all members have the same cluster.crt", (f"Its fingerprint begins with {joined(held)}.",))


@dataclass(frozen=True, slots=True)
class ServerCertificateShared:
    """Several members have one server.crt.

    Attributes:
        holders: who, and which.
    """

    kind: ClassVar[str] = "server-certificate-shared"
    holders: Holders

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{listed(self.holders.nodes)} have the same server.crt",
            ("One of the directories is a copy of the other.",),
            "Find out which directory is the copy. Do not start that node with it.",
        )


@rule(
    "CERT004",
    "cluster.crt differs between members, or server.crt does not",
    Severity.HIGH,
    fault=FaultKind.CERTIFICATE,
    scope=Cluster,
    needs=(Needs.CERTIFICATES, Needs.SEVERAL_NODES),
    fires_on=("certificate/not-shared",),
    silent_on=("healthy/k8sd",),
)
def not_shared(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `cluster.crt` has the same fingerprint on all members in the upload, and `server.crt` has another one on each.
    ## Why it matters
    dqlite's products use `cluster.crt` as server certificate, client certificate and certificate authority at once. A
    member that has another one can talk to nobody, and the others take it for down.
    ## False alarm if
    The certificates were being renewed, and only some members had the new one. Where no certificate is held by most
    members, all members are named. Two members with one `server.crt` are the milder case.
    ## What to do
    Find out which certificate most members have, and copy `cluster.crt` and `cluster.key` from one of these.
    ## References
    docs/reference/go-dqlite.md#tls; docs/reference/microcluster.md#relations-that-hold (relations 5 and 6)
    """
    held = _leaves(cluster, "cluster")
    if len(held) < 2:
        yield NotChecked("cluster.crt of at least two members is needed", "too-few-certificates")
    elif len({certificate.fingerprint for _, certificate in held}) > 1:
        groups = _groups(held)
        odd = [pair for group in groups for pair in group if len(group) < len(groups[0])] or held
        yield Finding(
            ClusterCertificatesDiffer(tuple(_holders(group) for group in groups)),
            tuple(certificate.at for _, certificate in (*odd, *(pair for pair in held if pair not in odd))),
            nodes=tuple(node.name for node, _ in odd),
        )
    for group in _groups(_leaves(cluster, "server")):
        if len(group) > 1:
            holders = _holders(group)
            evidence = tuple(certificate.at for _, certificate in group)
            yield Finding(ServerCertificateShared(holders), evidence, Severity.MEDIUM, holders.nodes)


def _holders(group: list[tuple[Node, Certificate]]) -> Holders:
    return Holders(tuple(node.name for node, _ in group), group[0][1].fingerprint)


def _leaves(cluster: Cluster, name: str) -> list[tuple[Node, Certificate]]:
    return [(node, leaf) for node in cluster.originals() if (leaf := node.credentials.leaf(name)) is not None]


def _groups(held: list[tuple[Node, Certificate]]) -> list[list[tuple[Node, Certificate]]]:
    """Same fingerprint together, the largest group first."""
    groups: dict[str, list[tuple[Node, Certificate]]] = {}
    for node, certificate in held:
        groups.setdefault(certificate.fingerprint, []).append((node, certificate))
    return sorted(groups.values(), key=len, reverse=True)
