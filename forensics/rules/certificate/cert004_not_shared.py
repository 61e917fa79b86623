"""CERT004: cluster.crt must be one and the same on all members; server.crt must not."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node
from forensics.parsers.certificates import Certificate
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule


@rule(
    "CERT004",
    "certificate shared where it must not be, or not shared where it must",
    Severity.HIGH,
    scope=Cluster,
    needs=(Needs.CERTIFICATES, Needs.SEVERAL_NODES),
    fires_on=("certificate/not-shared",),
    silent_on=("healthy/k8sd",),
)
def not_shared(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `cluster.crt` has one fingerprint on all members at hand (high where not); `server.crt` differs between members
    (medium where two have the same).
    ## Why it matters
    dqlite's products use `cluster.crt` as server certificate, client certificate and certificate authority at once: a
    member with another one can talk to nobody, and looks to the others as if it were down.
    ## False alarm if
    In the middle of a rotation, when some members have the new certificate already. Where no certificate is that of
    most members, all of them are named.
    ## What to do
    Find out which certificate most members have, and copy `cluster.crt` and `cluster.key` from one of them. Where two
    members share a `server.crt`, one directory is a copy of the other: find out which.
    ## References
    FACTS 6.5, 8.3 (relations 5 and 6)
    """
    held = _leaves(cluster, "cluster")
    if len(held) < 2:
        yield NotChecked("fewer than two members' cluster.crt are at hand")
    elif len({certificate.fingerprint for _, certificate in held}) > 1:
        groups = _groups(held)
        odd = [pair for group in groups for pair in group if len(group) < len(groups[0])] or held
        listing = " | ".join(
            f"{', '.join(node.name for node, _ in group)}: {group[0][1].fingerprint[:16]}…" for group in groups
        )
        yield Finding(
            f"cluster.crt is not the same on all members ({listing})",
            tuple(certificate.at for _, certificate in (*odd, *(pair for pair in held if pair not in odd))),
            nodes=tuple(node.name for node, _ in odd),
        )
    for group in _groups(_leaves(cluster, "server")):
        if len(group) > 1:
            names = tuple(node.name for node, _ in group)
            message = f"{' and '.join(names)} have the same server.crt"
            yield Finding(message, tuple(certificate.at for _, certificate in group), Severity.MEDIUM, names)


def _leaves(cluster: Cluster, name: str) -> list[tuple[Node, Certificate]]:
    return [(node, leaf) for node in cluster.nodes if (leaf := node.credentials.leaf(name)) is not None]


def _groups(held: list[tuple[Node, Certificate]]) -> list[list[tuple[Node, Certificate]]]:
    """Same fingerprint together, the largest group first."""
    groups: dict[str, list[tuple[Node, Certificate]]] = {}
    for node, certificate in held:
        groups.setdefault(certificate.fingerprint, []).append((node, certificate))
    return sorted(groups.values(), key=len, reverse=True)
