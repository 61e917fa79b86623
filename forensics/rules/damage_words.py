"""What damage in a segment looks like, as part of a finding."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.evidence import Span
from forensics.facts.node.node import Node


@dataclass(frozen=True, slots=True)
class Explanation:
    """What explains the first bad stretch of a segment.

    Attributes:
        looks_like: the hypothesis, as forensics/parsers/damage.py words it; empty where nothing explains the damage.
        spans: the byte whose one bit explains it, if one does.
    """

    looks_like: str = ""
    spans: tuple[Span, ...] = ()

    def words(self) -> str:
        """One sentence, or nothing."""
        return f"It looks like this: {self.looks_like}." if self.looks_like else ""


def explanation_of(node: Node, path: str) -> Explanation:
    """Of the segment at `path`."""
    damage = next(iter(node.log.damage.get(path, ())), None)
    if damage is None:
        return Explanation()
    return Explanation(damage.describe(), (damage.flip.at,) if damage.flip else ())


def explained(node: Node, path: str) -> tuple[str, tuple[Span, ...]]:
    """For rules that still say it as a text."""
    found = explanation_of(node, path)
    return f"; {found.looks_like}" if found.looks_like else "", found.spans
