"""What damage in a segment looks like, for a finding: the hypothesis in words, and the bit that it names."""

from __future__ import annotations

from forensics.evidence import Span
from forensics.facts.node import Node


def explained(node: Node, path: str) -> tuple[str, tuple[Span, ...]]:
    """`; looks like …` and where, of the first bad stretch of a segment; empty where nothing explains it."""
    damage = next(iter(node.log.damage.get(path, ())), None)
    words = damage.describe() if damage else ""
    return f"; {words}" if words else "", (damage.flip.at,) if damage and damage.flip else ()
