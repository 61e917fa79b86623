"""A node's forecast, as `forecast --format json` gives it; null where the evidence does not suffice for one."""

from __future__ import annotations

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node
from forensics.forecast.document import document
from forensics.forecast.result import NoForecast
from forensics.report.document import Document
from forensics.report.parts.context import Context


def build_forecast(_: Context, __: Cluster, node: Node) -> Document | None:
    """What dqlite would do if the node were started now."""
    made = node.forecast
    return None if isinstance(made, NoForecast) else document(made)
