"""The forecast of a node of the evidence: its files, the version, the simulated start, and what would mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from forensics.barrier import stage
from forensics.errors import UsageError
from forensics.facts.cluster.cluster import Case
from forensics.facts.decoder import Decoder
from forensics.facts.node.node import Node
from forensics.facts.start.library_choice import choose_library
from forensics.facts.start.simulated_files import simulated_files
from forensics.forecast.files import StateFile
from forensics.forecast.model import Forecast, forecast
from forensics.forecast.proposals import propose
from forensics.forecast.result import BROKEN, NOT_TRIED, LibraryChoice, Missing, NodeForecast, NoForecast
from forensics.forecast.versions import LIBRARIES, Library


def with_forecasts(case: Case, decoder: Decoder) -> Case:
    """The case with each node's forecast, for the version that its machine's snaps or its own files point to."""

    def one(node: Node) -> NodeForecast | NoForecast:
        if node.forecast is not NOT_TRIED:  # what comes before a start broke already
            return node.forecast
        host = case.host_of(node)
        return make_forecast(node, host.snaps if host else {})

    nodes = case.nodes()
    made = {node: replace(node, forecast=found) for node, found in zip(nodes, decoder.each(one, nodes), strict=True)}
    return case.with_nodes(made)


@stage("the forecast", lambda node, *_, **__: node.name, lambda *_, **__: BROKEN)
def make_forecast(
    node: Node, snaps: Mapping[str, str], wanted: str | None = None, removed: Iterable[str] = ()
) -> NodeForecast | NoForecast:
    """What a start of a node would do; else the reason why that cannot be told.

    Args:
        node: the node.
        snaps: version of each installed snap of its machine, where that is known.
        wanted: the version that the user asks for; None for the one that the evidence points to.
        removed: files to assume away. Raises UsageError for one that is not there.
    """
    files = simulated_files(node)
    if isinstance(files, NoForecast):
        return files
    away = tuple(dict.fromkeys(removed))
    for name in away:
        if name not in files:
            raise UsageError(f"{node.name} has no file {name}")
    left = {name: file for name, file in files.items() if name not in away}
    choice = choose_library(node, snaps, wanted)
    said = forecast(left, choice.library, node.id)
    if said.outcome == "unknown" and said.undefined is None:
        return NoForecast(Missing.DECISIVE_CONTENT, said.unseen)
    return NodeForecast(
        node.name,
        choice,
        said,
        propose(left, said, node.id),
        away,
        _may_start(files, choice, said, node.id),
    )


def _may_start(
    files: Mapping[str, StateFile], choice: LibraryChoice, said: Forecast, node_id: int | None
) -> Library | None:
    """See NodeForecast.may_start."""
    if not (choice.guessed and said.unseen and said.outcome != "starts"):
        return None
    return next((one for one in LIBRARIES if forecast(files, one, node_id).outcome in ("starts", "unknown")), None)
