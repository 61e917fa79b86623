"""Why a verdict is what it is, as data; verdict_words.py has the sentences."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.report.document import Finding, Forecast


@dataclass(frozen=True, slots=True)
class Down:
    """A node that does not start or cannot take part.

    Attributes:
        node: its name.
        voter: it is a voter of the newest configuration.
        why: the finding or the forecast that says so.
    """

    node: str
    voter: bool
    why: Finding | Forecast


@dataclass(frozen=True, slots=True)
class NodesDown:
    """Some nodes are down.

    Attributes:
        down: the nodes, in the order of their reasons.
        nodes: how many nodes are at hand; `up`: how many of them are not down.
        voters: how many voters the newest configuration has; 0 where it is not known.
        unseen: how many of them have no directory at hand.
    """

    down: tuple[Down, ...]
    nodes: int
    up: int
    voters: int
    unseen: int

    @property
    def lost(self) -> int:
        """How many voters are down."""
        return sum(one.voter for one in self.down)

    @property
    def majority(self) -> bool:
        """The others can still form a majority, or may do."""
        if not self.voters:
            return self.up > 0
        return self.voters - self.lost > self.voters // 2


@dataclass(frozen=True, slots=True)
class CommittedLoss:
    """Starting a node drops committed entries that no other node at hand holds."""

    node: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Nothing wrong was found on evidence that is not whole.

    Attributes:
        absent: members without evidence.
        weak: nodes without full evidence, of so many `nodes`.
        refused: files that were refused or cut.
        books: how many cluster.yaml tell of the members, where nothing tells more and they agree.
        members: how many members these name.
        voters: how many of them are voters.
    """

    absent: int
    weak: int
    nodes: int
    refused: int
    books: int = 0
    members: int = 0
    voters: int = 0


@dataclass(frozen=True, slots=True)
class NothingWrong:
    """On the full evidence of so many nodes."""

    nodes: int


Reason = Finding | NodesDown | CommittedLoss | Incomplete | NothingWrong
