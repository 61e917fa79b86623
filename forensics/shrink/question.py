"""What a step asks of each try."""

from __future__ import annotations

from typing import Protocol

from forensics.check.tree import Tree


class Question(Protocol):
    """What is asked of each try (judge.py)."""

    @property
    def is_over(self) -> bool:
        """Nothing more is to be tried."""

    def holds(self, tree: Tree) -> bool:
        """Whether these files show all that is wanted."""
