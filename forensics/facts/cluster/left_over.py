"""Which member a directory is that does not tell: the one whose directory no other one at hand is.

A leader sends entries to members alone. So whoever stored the last entry of a directory is in the configuration that
was in force then, or in a later one (docs/reference/raft.md#what-must-hold).
"""

from __future__ import annotations

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_holders import LogHolders, Reign
from forensics.facts.cluster.log_position import log_position
from forensics.facts.cluster.same_server import are_two
from forensics.facts.node.node import Node


def left_over(cluster: Cluster, node: Node) -> int | None:
    """Its raft ID; None where that is not proved.

    It is proved where every configuration since its last entry is known, and the directories of all members but one are
    at hand, none of which it can be a copy of.
    """
    others = [one for one in cluster.originals() if one is not node]
    ids = {one.id for one in others}
    if node.name in cluster.misplaced or None in ids or not all(are_two(node, one) for one in others):
        return None
    members = _may_be(cluster, node)
    left = members - ids
    return left.pop() if len(left) == 1 else None


def _may_be(cluster: Cluster, node: Node) -> set[int]:
    """Members of every configuration since the node's last entry; empty where one may be missing."""
    view = LogHolders(cluster.originals())
    best = max(view.nodes, key=log_position)
    end = view.agrees_to(best, node)
    reigns = [reign for reign in view.reigns(best) if reign.last is None or reign.last >= end]
    if not end or not reigns or not all(_is_known(view, best, reign) for reign in reigns):
        return set()
    newest = reigns[-1]
    if len(view.whole(best, newest)) < newest.needed and not _lists(node, newest):
        return set()  # who is missing may have led, and have added somebody
    return {server.id for reign in reigns for server in reign.event.configuration.servers} | _listed(cluster)


def _is_known(view: LogHolders, best: Node, reign: Reign) -> bool:
    """No other configuration comes before the next one, or the end."""
    return view.certain_to(best, reign) == (view.last(best) if reign.last is None else reign.last)


def _lists(node: Node, reign: Reign) -> bool:
    """Its cluster.yaml has just these members."""
    book = node.cluster.value if node.cluster else None
    return book is not None and {one.id for one in book.members} == {
        one.id for one in reign.event.configuration.servers
    }


def _listed(cluster: Cluster) -> set[int]:
    """Whom any cluster.yaml names."""
    books = (node.cluster.value for node in cluster.nodes if node.cluster and node.cluster.value)
    return {member.id for book in books for member in book.members if member.id}
