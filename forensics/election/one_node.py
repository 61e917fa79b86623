"""What the files of one node tell of its start, whatever the others hold."""

from __future__ import annotations

from collections.abc import Collection

from forensics.election.state import Reason
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.addresses import finds_nobody, has_no_address
from forensics.facts.node.node import Grade, Node
from forensics.forecast.result import NodeForecast


def fails_once(node: Node) -> bool:
    """A founder that lost its metadata tries to found its cluster, and ends because that was done; its second start
    goes on, in term 1.

    Source: docs/reference/start.md#bootstrap
    """
    made = node.forecast
    return isinstance(made, NodeForecast) and made.said.bootstrap is not None and made.said.bootstrap.fails


def unreached(cluster: Cluster, node: Node) -> Reason | None:
    """Why it and the other members do not come together, however well its log is."""
    if finds_nobody(node):
        return Reason.FINDS_NOBODY
    if has_no_address(node):
        return Reason.NO_ADDRESS
    return Reason.OTHER_ADDRESS if cluster.known_elsewhere(node) else None


def lost_metadata(node: Node) -> bool:
    """A voter among several with a log and no metadata that can be used.

    Not as a documented recovery leaves it, which ends the log with a forced configuration.
    """
    if node.grade is not Grade.FULL or node.metadata is not None or node.last_index is None:
        return False
    change = node.configuration
    return change is not None and change.index != node.last_index and len(change.configuration.voters()) > 1


def is_sole_voter(node: Node) -> bool:
    """Its newest configuration has one voter, this node: it needs nobody's vote."""
    change = node.configuration
    return change is not None and [voter.id for voter in change.configuration.voters()] == [node.id]


def span(dropped: Collection[tuple[int | None, int | None]]) -> tuple[int | None, int | None]:
    """From the first of these entries to the last; an end that is not known is None."""
    first = min((first for first, _ in dropped if first is not None), default=None)
    ends = [last for _, last in dropped]
    return first, None if None in ends else max(last for last in ends if last is not None)
