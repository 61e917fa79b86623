"""One database: which product's, who its members are, and whose evidence is absent."""

from __future__ import annotations

from forensics.facts.cluster.cluster import Cluster
from forensics.report import document as doc
from forensics.report.parts.encoding import server, servers


def build_absent(cluster: Cluster) -> tuple[doc.Server, ...]:
    """Members of the newest configuration with no directory in the input."""
    return tuple(server(member) for member in cluster.absent())


def build_configuration(cluster: Cluster) -> doc.Configuration | None:
    """The newest configuration that any node holds, and the index of the entry that made it."""
    change = cluster.configuration
    if change is None:
        return None
    return doc.Configuration(index=change.index, servers=servers(change.configuration.servers))
