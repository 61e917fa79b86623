"""A node's forecast, for code that still asks for it by a function: `node.forecast` says the same."""

from __future__ import annotations

from typing import Protocol

from forensics.forecast.result import NodeForecast
from forensics.forecast.versions import Library

__all__ = ["NodeForecast", "forecast_of", "may_start_with"]


class _Node(Protocol):
    @property
    def forecast(self) -> NodeForecast | str: ...


def forecast_of(node: _Node) -> NodeForecast | str:
    """The forecast for the version that the evidence points to; else the reason why there is none."""
    return node.forecast


def may_start_with(_: _Node, made: NodeForecast) -> Library | None:
    """See NodeForecast.may_start."""
    return made.may_start
