"""Which node of the earlier input is which of the later one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forensics.facts.cluster.cluster import Case
from forensics.facts.cluster.join import link
from forensics.facts.cluster.words import link_words
from forensics.facts.node.node import Node
from forensics.ingest.products import UNKNOWN


@dataclass(frozen=True, slots=True)
class Pair:
    """One node; a side is None where it has none.

    Attributes:
        database: the product's word.
        same: both states are of one cluster, by their contents; None where nothing tells.
        why: what the contents said.
    """

    database: str
    before: Node | None
    after: Node | None
    same: bool | None = None
    why: str = ""


_Key = Callable[[Node], object | None]
_KEYS: tuple[_Key, ...] = (
    lambda node: (node.id, node.address) if node.id is not None else None,
    lambda node: node.id,
    lambda node: node.address,
    lambda node: node.name,
)
"""Who is who, the surest first: a replaced node keeps its address, one that moved its ID."""


def pair_nodes(before: Case, after: Case) -> list[Pair]:
    """Nodes matched within their database; copies of another's directory left out.

    A listing beside no path does not tell the product: such a node may be anybody's.
    """
    left, right = _originals(before), _originals(after)
    matches: dict[int, tuple[str, Node]] = {}
    for key in _KEYS:
        for database, node in left:
            wanted = key(node) if id(node) not in matches else None
            found = next((row for row in right if wanted is not None and key(row[1]) == wanted and
                          _one_product(database, row[0])), None)  # fmt: skip
            if found is not None:
                matches[id(node)] = found
                right.remove(found)
    return [*(_pair(database, node, matches.get(id(node))) for database, node in left), *_only_after(right)]


def _pair(database: str, node: Node, match: tuple[str, Node] | None) -> Pair:
    if match is None:
        return Pair(database, node, None)
    told = link(node, match[1])
    return Pair(match[0] if database == UNKNOWN.database else database, node, match[1], told.same, link_words(told))


def _only_after(nodes: list[tuple[str, Node]]) -> list[Pair]:
    return [Pair(database, None, node) for database, node in nodes]


def _one_product(one: str, other: str) -> bool:
    return one == other or UNKNOWN.database in (one, other)


def _originals(case: Case) -> list[tuple[str, Node]]:
    return [(cluster.product.database, node) for cluster in case.clusters for node in cluster.originals()]
