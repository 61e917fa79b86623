"""The nouns of the preconditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node
from forensics.plan.ranking import Candidate, Outlook
from forensics.plan.surroundings import Surroundings


class State(Enum):
    """Values are the words of the plan."""

    OK = "ok"
    LOOK = "look"  # the evidence cannot tell, or tells of something to mind
    STOP = "stop"  # do not go on before this is settled


@dataclass(frozen=True, slots=True)
class Check:
    """One precondition."""

    state: State
    what: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What the preconditions are checked for.

    Attributes:
        cluster: the facts.
        best: the node to recover from.
        ranking: all candidates; the first is `best`.
        outlooks: what each node's start would come to, by name, where it was forecast.
        around: the machines and the product's other database.
    """

    cluster: Cluster
    best: Node
    ranking: list[Candidate]
    outlooks: Mapping[str, Outlook]
    around: Surroundings = field(default_factory=Surroundings)

    @property
    def database(self) -> str:
        """The product's word."""
        return self.cluster.product.database

    @property
    def outlook(self) -> Outlook | None:
        """That of `best`."""
        return self.outlooks.get(self.best.name)
