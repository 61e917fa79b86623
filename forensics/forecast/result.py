"""The forecast of one node: which version it speaks for and why, the simulated start, and what would mend it."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.forecast.model import Forecast
from forensics.forecast.proposals import Proposal
from forensics.forecast.versions import Library


@dataclass(frozen=True, slots=True)
class Choice:
    """A version, the sentence that says where it comes from, and whether it is only the newest, for want of a sign."""

    library: Library
    why: str
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class NodeForecast:
    """What a start of this node would do.

    Attributes:
        node: its name.
        choice: the version, and why that one.
        said: the simulated start.
        proposals: what to move away so that it starts; empty where it does.
        removed: files that the user asked to assume away.
        may_start: a version that may start the node, where nothing tells which one runs it and names alone stop the
            one assumed; else None.
    """

    node: str
    choice: Choice
    said: Forecast
    proposals: tuple[Proposal, ...]
    removed: tuple[str, ...] = ()
    may_start: Library | None = None
