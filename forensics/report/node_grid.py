"""Many nodes in one table: what most of them have is said once, and each row tells what differs from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from forensics.report.document import Cluster, Document, Node
from forensics.report.node_rows import role_words, starts
from forensics.wording import listed

NODES_SIDE_BY_SIDE = 8
"""Up to so many nodes are columns beside each other."""

HEADS = ("evidence", "role", "term", "log", "snapshots", "start", "findings")


@dataclass(frozen=True, slots=True)
class Row:
    """One node: None in a cell that says what most say."""

    node: str
    address: str
    cells: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The table.

    Attributes:
        usual: what most nodes have, by column of HEADS.
        rows: the nodes that differ in anything.
        alike: names of those that do not.
    """

    usual: tuple[str, ...]
    rows: tuple[Row, ...]
    alike: tuple[str, ...]

    @property
    def heads(self) -> tuple[str, ...]:
        """The names of the columns."""
        return HEADS


def grid_of(document: Document, cluster: Cluster) -> Grid | None:
    """The table of a cluster of many nodes; None of one whose nodes stand side by side."""
    if len(cluster.nodes) <= NODES_SIDE_BY_SIDE:
        return None
    counts = _finding_counts(document, cluster)
    cells = [_cells(document, cluster, node, counts[node.name]) for node in cluster.nodes]
    usual = tuple(_most(column) for column in zip(*cells, strict=True))
    rows = [_row(node, row, usual) for node, row in zip(cluster.nodes, cells, strict=True)]
    return Grid(
        usual,
        tuple(row for row in rows if any(row.cells)),
        tuple(row.node for row in rows if not any(row.cells)),
    )


def _row(node: Node, cells: Sequence[str], usual: Sequence[str]) -> Row:
    told = tuple(None if one == most else one for one, most in zip(cells, usual, strict=True))
    return Row(node.name, node.address or "", told)


def _most(column: Sequence[str]) -> str:
    return Counter(column).most_common(1)[0][0]


def _finding_counts(document: Document, cluster: Cluster) -> Counter[str]:
    return Counter(
        node for finding in document.findings if finding.database == cluster.database for node in set(finding.nodes)
    )


def _cells(document: Document, cluster: Cluster, node: Node, findings: int) -> tuple[str, ...]:
    log = node.log
    return (
        node.evidence,
        role_words(node) or "–",
        str(node.metadata.term) if node.metadata else "–",
        f"{log.first_index} to {log.last_index}" if log else "–",
        listed(str(snapshot.index) for snapshot in node.snapshots) or "–",
        starts(document, cluster, node) or "–",
        str(findings),
    )
