"""What each node's next start would come to, as the ranking needs it; from the forecast."""

from __future__ import annotations

from forensics.facts.cluster import Cluster
from forensics.forecast.of_node import forecast_of
from forensics.forecast.words import sentence
from forensics.plan.ranking import Outlook


def outlooks_of(cluster: Cluster) -> dict[str, Outlook]:
    """By node name; nodes whose start cannot be simulated on this evidence are left out."""
    found = {}
    for node in cluster.originals():
        forecast = forecast_of(node)
        if isinstance(forecast, str):
            continue
        said = forecast.said
        words = sentence(said).rstrip(".")
        if said.loaded is None or said.outcome != "starts":
            found[node.name] = Outlook(False, words)
            continue
        log, snapshot = said.loaded.log, said.loaded.snapshot
        term = log.last_term if len(log) else (snapshot.term if snapshot else None)
        found[node.name] = Outlook(True, words, term, log.last, renumbers=bool(said.shifted))
    return found
