"""How far a node got: what raft compares in an election, and what a recovery is chosen by.

Last term first, then last index (Raft's rule; go-dqlite's LastEntryInfo.Before; LXD's guide). A forced configuration
carries term 1 whatever the term around it (docs/reference/raft.md#traces-of-a-recovery), so a log that ends with one is
ranked by the term before it: its writer had all of that term and one entry more.
"""

from __future__ import annotations

from forensics.facts.node.node import Node


def log_position(node: Node) -> tuple[int, int]:
    """(term, index) that nodes are ranked by; (0, 0) where nothing tells.

    The last term of a log that is known by name alone is at least that of its snapshot.
    """
    term, index = effective_last_term(node), node.last_index or 0
    snapshot = node.newest_snapshot
    if term is None and snapshot is not None:
        term = snapshot.name.term
    return term or 0, index


def effective_last_term(node: Node) -> int | None:
    """The last term, seen past forced configurations at the end of the log."""
    return effective_term(node, node.last_term, node.last_index)


def effective_term(node: Node, term: int | None, index: int | None) -> int | None:
    """The term of a log that ends at `index` with an entry of `term`, seen past forced configurations there."""
    if term != 1 or index is None:
        return term
    forced = {change.index for change in node.changes if change.term == 1}
    while index in forced and (before := node.log.term_at(index - 1)) is not None:
        index, term = index - 1, before
    snapshot = node.newest_snapshot
    if snapshot is not None and snapshot.name.index >= index:
        term = max(term, snapshot.name.term)
    return term
