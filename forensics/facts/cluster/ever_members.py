"""Who was a member at any time: told only where no configuration can be missing."""

from __future__ import annotations

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_holders import LogHolders
from forensics.facts.cluster.log_position import log_position
from forensics.facts.node.node import Node


def ever_members(cluster: Cluster) -> frozenset[int] | None:
    """The IDs of every configuration from entry 1 to the end of the longest log; None where one may be missing.

    What is missing on one node counts where another node of the same history has it.
    """
    nodes = [node for node in cluster.originals() if node.log.blobs()]
    best = max(nodes, key=log_position, default=None)
    if best is None or not best.log.known_by_content:
        return None
    view = LogHolders(nodes)
    reigns = view.reigns(best)
    if not reigns or reigns[0].event.index != 1:
        return None
    if any(view.certain_to(best, one) < (view.last(best) if one.last is None else one.last) for one in reigns):
        return None
    return frozenset(server.id for event in cluster.membership for server in event.configuration.servers)


def may_be_newer(node: Node, name: str) -> bool:
    """A file of the directory may tell of entries that were written after its log was copied.

    Only a running node's log goes on while it is copied, and only a killed one's looks like that of a running one.
    """
    file = node.state.files.get(name)
    if not node.log.open:
        return False
    times = [part.file.mtime for part in node.log.open if part.used and part.file.mtime is not None]
    return file is None or file.mtime is None or not times or file.mtime > max(times)
