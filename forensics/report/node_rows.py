"""The nodes of a database side by side, as the tables of every rendering show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forensics.case.state_words import start_words
from forensics.election.state import Reason
from forensics.forecast.reasons import Outcome
from forensics.report.document import CaseNode, Cluster, Document, Node, Server

NODE_HEADS = (
    "node",
    "evidence",
    "role",
    "id",
    "address",
    "term",
    "log",
    "last term",
    "snapshot",
    "start",
    "findings",
)
"""Columns of the table of nodes, in Markdown and on the terminal."""


def role_words(node: Node) -> str | None:
    """The role; where no raft configuration tells it, what the node's own cluster.yaml says."""
    if node.role:
        return node.role
    own = _own(node.cluster_yaml or (), node)
    return f"{own.role} (cluster.yaml)" if own and own.role else None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a node is, as one source tells it.

    Attributes:
        there: the source itself is in the evidence.
        record: what it says of the node; None where it does not name it.
        differs: fields that contradict the raft configuration.
        same: it says the same as the raft configuration.
    """

    there: bool
    record: Server | None
    differs: tuple[str, ...] = ()
    same: bool = False


def identity_of(cluster: Cluster, node: Node) -> dict[str, Identity]:
    """Who the node is, by source.

    Roles never count as a difference: info.yaml's is written once, cluster.yaml lags
    (docs/reference/go-dqlite.md#what-the-files-mean).
    """
    servers = node.configuration or (cluster.configuration.servers if cluster.configuration else ())
    truth = _own(servers, node)
    return {
        "info.yaml": _compared(node.info_yaml is not None, node.info_yaml, truth),
        "cluster.yaml": _compared(node.cluster_yaml is not None, _own(node.cluster_yaml or (), node), truth),
        "raft configuration": Identity(bool(servers), truth),
    }


def _compared(there: bool, record: Server | None, truth: Server | None) -> Identity:
    if record is None or truth is None:
        return Identity(there, record)
    differs = tuple(name for name in ("id", "address") if getattr(record, name) != getattr(truth, name))
    return Identity(there, record, differs, same=not differs)


def state_of(document: Document, cluster: Cluster, node: Node) -> CaseNode | None:
    """What the case decided of the node; None in a report of version 1, and of a second look at the same directory."""
    states = document.case.nodes if document.case else ()
    return next((one for one in states if (one.database, one.node) == (cluster.database, node.name)), None)


def starts(document: Document, cluster: Cluster, node: Node) -> str | None:
    """Will it start, in a cell: the case's answer, with the library's message where it refuses.

    A report of version 1 has no case: there the forecast answers, of the library's start alone.
    """
    state = state_of(document, cluster, node)
    of = next((copy.of for copy in cluster.copies if copy.node == node.name), None)
    if document.case and of:
        return f"as {of}"
    if state is None:
        return _forecast_words(node) if document.case is None else None
    message = node.forecast.message if node.forecast and state.reason is Reason.DQLITE_REFUSES else None
    return ": ".join(filter(None, (start_words(state.state, state.reason, state.along, state.twins), message)))


def _forecast_words(node: Node) -> str | None:
    forecast = node.forecast
    if not forecast:
        return None
    words = _OUTCOMES[forecast.outcome]
    return f"{words}: {forecast.message}" if forecast.message else words


_OUTCOMES = {
    Outcome.STARTS: "dqlite starts",
    Outcome.FAILS: "does not start",
    Outcome.CRASHES: "crashes",
    Outcome.HANGS: "hangs",
    Outcome.UNKNOWN: "may or may not start",
}


def _own(records: Iterable[Server], node: Node) -> Server | None:
    """The node's record: by its id, else by its address."""
    rows = list(records)
    by_id = next((record for record in rows if node.id is not None and record.id == node.id), None)
    by_address = (record for record in rows if node.address is not None and record.address == node.address)
    return by_id or next(by_address, None)
