"""What a recovery needs to know of each node's next start; from the forecast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forensics.facts.cluster.cluster import Cluster
from forensics.forecast.model import Forecast
from forensics.forecast.proposals import Proposal
from forensics.forecast.reasons import Outcome
from forensics.forecast.result import NoForecast

Position = tuple[int | None, int | None]
"""(last term, last index) of a log; None for what is not known."""


@dataclass(frozen=True, slots=True)
class ExpectedStart:
    """What a node's next start comes to.

    Attributes:
        forecast: the simulated start.
        proposal: where it does not start: what to move away so that it does; None where nothing helps.
    """

    forecast: Forecast
    proposal: Proposal | None = None

    @property
    def starts(self) -> bool:
        """It reaches the end of its start."""
        return self.kept is not None

    @property
    def renumbers(self) -> bool:
        """It starts, and entries get other indexes than they had: the log then contradicts the others."""
        return self.starts and bool(self.forecast.renumbered)

    @property
    def kept(self) -> Position | None:
        """Where the log ends that it loads; None where it does not start."""
        return _end(self.forecast)

    @property
    def reach(self) -> int:
        """The last index that it would load once the proposal was followed; 0 where there is none."""
        end = _end(self.proposal.after) if self.proposal else None
        return (end[1] if end else None) or 0


ExpectedStarts = Mapping[str, ExpectedStart]
"""By node name; nodes whose start cannot be simulated on this evidence are left out."""


def expected_starts(cluster: Cluster) -> ExpectedStarts:
    """Of each directory that is no copy of another."""
    found = {}
    for node in cluster.originals():
        made = node.forecast
        if not isinstance(made, NoForecast):
            found[node.name] = ExpectedStart(made.said, next(iter(made.proposals), None))
    return found


def _end(said: Forecast) -> Position | None:
    if said.loaded is None or said.outcome is not Outcome.STARTS:
        return None
    log, snapshot = said.loaded.log, said.loaded.snapshot
    term = log.last_term if len(log) else (snapshot.term if snapshot else None)
    return term, log.last
