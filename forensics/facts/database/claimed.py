"""How large the databases in a node's snapshots are, as each says itself: known before anything is restored."""

from __future__ import annotations

from forensics.facts.node.node import Node


def claimed_bytes(node: Node) -> dict[str, int]:
    """Of each snapshot that can be read, by the name of its data file."""
    read = [(one.data_file.name, one.data.value) for one in node.snapshots if one.data_file and one.data]
    return {name: sum(image.main_size + image.wal_size for image in data.databases) for name, data in read if data}
