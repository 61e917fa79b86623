"""Two analyses side by side: what `diff` prints."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster import Case, Cluster
from forensics.facts.compare import Change, compare_nodes, compare_states
from forensics.facts.node import Node
from forensics.report.document import Document

_WORSE = ("broken", "node-down", "degraded", "attention")


def build_difference(cases: tuple[Case, Case], documents: tuple[Document, Document]) -> Document:
    """The difference of two inputs: two nodes where each holds one node and they are not the same, else two uploads."""
    first, second = (case.nodes() for case in cases)
    pair = len(first) == len(second) == 1 and _identity(first[0]) != _identity(second[0])
    found: Document = {
        "mode": "nodes" if pair else "uploads",
        "a": _side(documents[0]),
        "b": _side(documents[1]),
    }
    if pair:
        found["nodes"] = [
            {"a": first[0].name, "b": second[0].name, "changes": _changes(compare_nodes(first[0], second[0]))}
        ]
        return found
    found["nodes"] = list(_pairs(*cases))
    found["commitIndex"] = list(_commits(*cases))
    found["findings"] = _findings(*documents)
    return found


def _side(document: Document) -> Document:
    return {"inputs": document["inputs"], "verdict": document["verdict"], "incomplete": document["incomplete"]}


def _identity(node: Node) -> tuple[str, int | None]:
    return node.state.product.database, node.id


def _pairs(before: Case, after: Case) -> Iterator[Document]:
    """Nodes matched within their database: by ID, else by name."""
    left = [(cluster.product.database, node) for cluster in after.clusters for node in cluster.originals()]
    for cluster in before.clusters:
        for node in cluster.originals():
            match = _match(cluster.product.database, node, left)
            if match is None:
                yield {"database": cluster.product.database, "a": node.name, "b": None, "changes": []}
                continue
            left.remove(match)
            changes = _changes(compare_states(node, match[1]))
            yield {"database": cluster.product.database, "a": node.name, "b": match[1].name, "changes": changes}
    for database, node in left:
        yield {"database": database, "a": None, "b": node.name, "changes": []}


def _match(database: str, node: Node, among: list[tuple[str, Node]]) -> tuple[str, Node] | None:
    same = [row for row in among if row[0] == database]
    by_id = [row for row in same if node.id is not None and row[1].id == node.id and row[1].address == node.address]
    by_id += [row for row in same if node.id is not None and row[1].id == node.id]
    by_name = [row for row in same if row[1].name == node.name and (node.id is None or row[1].id is None)]
    return next(iter([*by_id, *by_name]), None)


def _commits(before: Case, after: Case) -> Iterator[Document]:
    old = {cluster.name: cluster for cluster in before.clusters}
    for cluster in after.clusters:
        was = old.get(cluster.name)
        a, b = _at_least(was), _at_least(cluster)
        if a is not None and b is not None and a != b:
            trend = "worse" if b < a else "later"
            yield {"database": cluster.product.database, "name": cluster.name, "a": a, "b": b, "trend": trend}


def _at_least(cluster: Cluster | None) -> int | None:
    return cluster.commit.at_least if cluster and cluster.commit else None


def _changes(changes: list[Change]) -> list[Document]:
    return [
        {"what": change.what, "a": change.before, "b": change.after, "trend": change.trend.value} for change in changes
    ]


def _findings(before: Document, after: Document) -> Document:
    """Findings of one side only. The same rule on the same nodes with other words is the same trouble, further on."""
    old = {_key(finding): finding for finding in before["findings"]}
    new = {_key(finding): finding for finding in after["findings"]}
    return {
        "gone": [_short(finding) for key, finding in old.items() if key not in new],
        "new": [_short(finding) for key, finding in new.items() if key not in old],
        "same": sum(key in new for key in old),
    }


def _key(finding: Document) -> tuple[str, str | None, tuple[str, ...]]:
    return finding["rule"], finding["database"], tuple(finding["nodes"])


def _short(finding: Document) -> Document:
    return {
        "rule": finding["rule"],
        "severity": finding["severity"],
        "database": finding["database"],
        "nodes": finding["nodes"],
        "message": finding["message"],
        "trend": "worse" if finding["effect"] in _WORSE else "changed",
    }
