"""The addresses that go-dqlite's app lives by: those of the members that it asks for the leader, and its own.

Source: docs/reference/go-dqlite.md#what-ends-a-start
"""

from __future__ import annotations

from forensics.facts.node.node import Node


def finds_nobody(node: Node) -> bool:
    """Its cluster.yaml is empty, or has no address: it knows nobody to ask for the leader."""
    file = node.state.files.get("cluster.yaml")
    if file is None or file.cut:
        return False
    book = node.cluster.value if node.cluster else None
    return file.size_max == 0 or (book is not None and not any(member.address for member in book.members))


def has_no_address(node: Node) -> bool:
    """Its info.yaml has an ID, and no address: it listens where nobody looks for it."""
    info = node.info.value if node.info else None
    return info is not None and bool(info.id) and not info.address and not node.state.files["info.yaml"].cut
