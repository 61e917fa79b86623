"""Preconditions of a recovery, checked against the evidence: what holds, what to look at, what forbids it.

cluster.py   of all nodes together
node.py      of the node to recover from
product.py   what the product's tool needs, and what makes it fail
model.py     what a check is; its sentences are in plan/words
"""

from __future__ import annotations

from forensics.plan.checks.cluster import of_cluster
from forensics.plan.checks.model import Check, CheckKind, Choice, Histories, MissingLogs, Reach, Space, State
from forensics.plan.checks.node import of_node
from forensics.plan.checks.product import of_product

__all__ = ["Check", "CheckKind", "Choice", "Histories", "MissingLogs", "Reach", "Space", "State", "checks"]


def checks(choice: Choice) -> list[Check]:
    """All of them, the forbidding ones first."""
    order = list(State)[::-1]
    found = [*of_cluster(choice), *of_node(choice), *of_product(choice)]
    return sorted(found, key=lambda check: order.index(check.state))
