"""The plan in words: the only English of this package besides the products' steps.

plan.py      which node, why, what starting the members does, what a choice costs
checks.py    preconditions
"""

from __future__ import annotations

from forensics.plan.words.checks import check_words
from forensics.plan.words.plan import (
    LossWords,
    loss_words,
    obstacle_words,
    reach_words,
    source_words,
    start_words,
    why_words,
)

__all__ = [
    "LossWords",
    "check_words",
    "loss_words",
    "obstacle_words",
    "reach_words",
    "source_words",
    "start_words",
    "why_words",
]
