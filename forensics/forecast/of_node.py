"""The forecast of one node of the evidence: files, version, start, proposals. Worked out once a node, and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from forensics.errors import UsageError
from forensics.facts.cluster.cluster import Case
from forensics.facts.node.node import Node
from forensics.forecast.choose import Choice, choose
from forensics.forecast.evidence import state_files
from forensics.forecast.model import Forecast, forecast
from forensics.forecast.proposals import Proposal, propose
from forensics.forecast.versions import LIBRARIES, Library

_KEPT = "forecast"


@dataclass(frozen=True, slots=True)
class NodeForecast:
    """What a start of this node would do.

    Attributes:
        node: its name.
        choice: the version, and why that one.
        said: the simulated start.
        proposals: what to move aside so that it starts; empty where it does.
        removed: files that the user asked to assume away.
    """

    node: str
    choice: Choice
    said: Forecast
    proposals: tuple[Proposal, ...]
    removed: tuple[str, ...] = ()


def forecast_of(node: Node, snaps: Mapping[str, str] | None = None) -> NodeForecast | str:
    """The forecast for the version that the evidence points to; else the reason why there is none."""
    kept = node.derived.get(_KEPT)
    if not isinstance(kept, NodeForecast | str):
        kept = make_forecast(node, snaps or {})
        node.derived[_KEPT] = kept
    return kept


def forecast_steps(case: Case) -> list[Callable[[], None]]:
    """Each works out one node's forecast, for the version that its machine tells of; later it is ready."""

    def one(node: Node) -> None:
        host = case.host_of(node)
        forecast_of(node, host.snaps if host else None)

    return [partial(one, node) for node in case.nodes()]


def make_forecast(
    node: Node, snaps: Mapping[str, str], wanted: str | None = None, removed: Iterable[str] = ()
) -> NodeForecast | str:
    """As forecast_of, for a version of one's choice and without some files. Raises UsageError for an unknown file."""
    files = state_files(node)
    if isinstance(files, str):
        return files
    away = tuple(dict.fromkeys(removed))
    for name in away:
        if name not in files:
            raise UsageError(f"{node.name} has no file {name}")
    left = {name: file for name, file in files.items() if name not in away}
    choice = choose(node, snaps, wanted)
    said = forecast(left, choice.library, node.id)
    if said.outcome == "unknown":
        return _undecided(said)
    return NodeForecast(node.name, choice, said, propose(left, said, node.id), away)


def may_start_with(node: Node, made: NodeForecast) -> Library | None:
    """A version that may start the node, where nothing tells which one runs it and names alone stop the one assumed."""
    files = state_files(node)
    if not (made.choice.guessed and made.said.unseen and made.said.outcome != "starts") or isinstance(files, str):
        return None
    return next((one for one in LIBRARIES if forecast(files, one, node.id).outcome in ("starts", "unknown")), None)


def _undecided(said: Forecast) -> str:
    count = len(said.unseen)
    named = said.unseen[0] if count == 1 else f"{count} files ({said.unseen[0]}, …)"
    return f"from names and sizes alone nothing rules out a start; the content of {named} is not at hand"
