"""Which node of the earlier input is which of the later one."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.facts.cluster.cluster import Case
from forensics.facts.cluster.join import link
from forensics.facts.cluster.words import link_words
from forensics.facts.node.node import Node
from forensics.ingest.products import UNKNOWN
from forensics.report.parts.difference.who_is_who import who_is_who


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


def pair_nodes(before: Case, after: Case) -> list[Pair]:
    """Nodes matched within their database (who_is_who.py); copies of another's directory left out."""
    left, right = _originals(before), _originals(after)
    matches = who_is_who(left, right)
    taken = {id(node) for _, node in matches.values()}
    pairs = [_pair(database, node, matches.get(id(node))) for database, node in left]
    return [*pairs, *(Pair(database, None, node) for database, node in right if id(node) not in taken)]


def _pair(database: str, node: Node, match: tuple[str, Node] | None) -> Pair:
    if match is None:
        return Pair(database, node, None)
    told = link(node, match[1])
    return Pair(match[0] if database == UNKNOWN.database else database, node, match[1], told.same, link_words(told))


def _originals(case: Case) -> list[tuple[str, Node]]:
    return [(cluster.product.database, node) for cluster in case.clusters for node in cluster.originals()]
