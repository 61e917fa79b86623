"""Which history a result follows, and whether it then holds all that can have been committed in it."""

from __future__ import annotations

from forensics.case.answer import DatabaseAnswer
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_holders import LogHolders
from forensics.facts.node.node import Node
from forensics.repair.contents import Against


def history_of(cluster: Cluster, holders: LogHolders, answer: DatabaseAnswer) -> Node:
    """The node that got furthest, as raft ranks them: who else was elected has all that was committed.

    Nodes whose entries do not have their indexes, or contradict committed ones, come last.
    """
    odd = _odd(cluster)
    first = answer.plan.node if answer.plan else None

    def order(node: Node) -> tuple[bool, int, int, bool]:
        return node.name not in odd, holders.last_term(node), holders.last(node), node.name == first

    return max(cluster.originals(), key=order)


def against(cluster: Cluster, holders: LogHolders, history: Node) -> tuple[Against, ...]:
    """What nodes stored that is not of a history."""
    ends = ((node, holders.agrees_to(history, node), holders.last(node)) for node in cluster.nodes)
    return tuple(Against(node.name, agreed + 1, last) for node, agreed, last in ends if last > agreed)


def stored(cluster: Cluster, holders: LogHolders, history: Node) -> int:
    """The last entry of a history that any node once stored."""
    return max(holders.agrees_to(history, node) for node in cluster.nodes)


def may_lack(cluster: Cluster, holders: LogHolders, history: Node, last: int) -> bool:
    """A result that ends at `last` may lack committed entries, that others could then not get back.

    Whatever is committed, a majority stored; so a majority of whom it is known what they stored shows all of it. An
    only voter may end earlier: nobody else counts on its entries.
    """
    reigns = [reign for reign in holders.reigns(history) if reign.event.index <= last]
    if not reigns:
        return True
    reign = reigns[-1]
    if len(reign.voters) == 1:
        return False
    known = [node for node in holders.whole(history, reign) if node.name not in _odd(cluster)]
    return len(known) < reign.needed or any(holders.agrees_to(history, node) > last for node in known)


def _odd(cluster: Cluster) -> frozenset[str]:
    return frozenset(cluster.contradicted().keys() | cluster.misplaced)
