"""One database: which product's, who its members are, and whose evidence is absent."""

from __future__ import annotations

from forensics.facts.cluster.cluster import Cluster
from forensics.report.document import Document
from forensics.report.parts.context import Context
from forensics.report.parts.encoding import server


def build_database(_: Context, cluster: Cluster) -> str:
    """The word that findings and commands use."""
    return cluster.product.database


def build_product(_: Context, cluster: Cluster) -> str:
    """The product for people."""
    return cluster.product.title


def build_absent(_: Context, cluster: Cluster) -> list[Document]:
    """Members of the newest configuration with no directory in the input."""
    return [server(member) for member in cluster.absent()]


def build_configuration(_: Context, cluster: Cluster) -> Document | None:
    """The newest configuration that any node holds, and the index of the entry that made it."""
    change = cluster.configuration
    if change is None:
        return None
    return {"index": change.index, "servers": [server(member) for member in change.configuration.servers]}
