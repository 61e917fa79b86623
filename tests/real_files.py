"""Files of the recordings in fixtures/bases, for tests that want bytes that real dqlite wrote."""

from __future__ import annotations

from functools import cache

from forensics.check.tree import read_recording
from tests.fixtures import ROOT


@cache
def recorded(base: str) -> dict[str, dict[str, bytes]]:
    """`{node: {file: content}}` of a recording."""
    nodes = read_recording(ROOT / "bases" / f"{base}.tar.xz")
    return {node: {name: file.content for name, file in files.items()} for node, files in nodes.items()}
