"""What a recovery left, in words: shared by the rules that find it."""

from __future__ import annotations

from forensics.facts.node.node import Node
from forensics.facts.node.recovery_tarball import Tarball
from forensics.ingest.state_directory import StateFile


def folder(node: Node, name: str) -> StateFile | None:
    """What shows that a folder of that name lies beside the database: its own entry, or a file in it."""
    inside = [
        file for aside in node.state.second_copies if aside.path.endswith(f"/{name}") for file in aside.files.values()
    ]
    return node.state.file(name) or next(iter(inside), None)


def against_own_log(node: Node, tarball: Tarball) -> str:
    """`, which reaches index 45 by its names; this node's own log ends at 60`; empty where names tell nothing."""
    if tarball.last_index is None:
        return ""
    own = f"; this node's own log ends at {node.last_index}" if node.last_index is not None else ""
    return f", which reaches index {tarball.last_index} by its names{own}"
