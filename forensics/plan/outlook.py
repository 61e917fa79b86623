"""What each node's next start would come to, as the ranking needs it; from the forecast."""

from __future__ import annotations

from forensics.facts.cluster.cluster import Cluster
from forensics.forecast.model import Forecast
from forensics.forecast.of_node import forecast_of
from forensics.forecast.reasons import Outcome
from forensics.forecast.words import proposal_sentence, sentence
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
        end = _end(said)
        if end is None:
            mended = next(iter(forecast.proposals), None)
            reach = _end(mended.after) if mended else None
            found[node.name] = Outlook(
                False, words, mend=proposal_sentence(mended) if mended else "", mended=reach or (None, None)
            )
        else:
            found[node.name] = Outlook(True, words, *end, renumbers=bool(said.renumbered))
    return found


def _end(said: Forecast) -> tuple[int | None, int] | None:
    """(last term, last index) of what a start keeps; None where it does not start."""
    if said.loaded is None or said.outcome is not Outcome.STARTS:
        return None
    log, snapshot = said.loaded.log, said.loaded.snapshot
    term = log.last_term if len(log) else (snapshot.term if snapshot else None)
    return term, log.last
