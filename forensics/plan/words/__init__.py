"""The plan in words: the only English of this package besides the products' steps.

plan.py      which node, why, what starting the members does, what a choice costs
checks.py    preconditions
place.py     where a command is typed
"""

from __future__ import annotations

from forensics.plan.words.checks import check_words
from forensics.plan.words.place import place_words, values_of
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
    "place_words",
    "reach_words",
    "source_words",
    "start_words",
    "values_of",
    "why_words",
]
