"""Whom certificates keep out that nobody accepts any more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from forensics.facts.cluster.certificate_uses import CertificateUse
from forensics.facts.cluster.cluster import Case

SHARED = "cluster.crt"  # the same on all members
_OWN = "server.crt"  # of microcluster, LXD and Incus: with which a member speaks to the others


class Reach(Enum):
    """Whom it keeps out."""

    CLUSTER = "cluster"  # every member, those without a directory at hand included
    MEMBERS = "members"  # the finding's nodes
    NONE = "none"  # nobody, as far as is known


def reach_of(case: Case, refused: Sequence[CertificateUse], every: Iterable[CertificateUse]) -> Reach:
    """What it means that some certificates of one database are refused.

    Args:
        case: the facts.
        refused: those certificates.
        every: all certificates of the evidence.

    Source: docs/reference/go-dqlite.md#tls; docs/reference/microcluster.md#state-directory.
    """
    database = refused[0].own[0].database
    files = {place.file for use in refused for place in use.own if place.leaf}
    if SHARED in files:
        renewed = any(use not in refused and _is_shared(use, database) for use in every)
        return Reach.MEMBERS if renewed else Reach.CLUSTER
    return Reach.MEMBERS if _OWN in files and not _alone(case, database) else Reach.NONE


def _is_shared(use: CertificateUse, database: str) -> bool:
    return any(place.leaf and place.file == SHARED and place.database == database for place in use.places)


def _alone(case: Case, database: str) -> bool:
    """The only member speaks to nobody."""
    members = [
        len(cluster.configuration.configuration.servers) if cluster.configuration else len(cluster.nodes)
        for cluster in case.clusters
        if cluster.product.database == database
    ]
    return max(members, default=1) == 1
