"""The damage of the second corpus: everything of the first, and what needs a steadier hand.

Order and draws are part of the record, as in raft_files.py: append to the table of a new corpus, never change this one.
"""

from __future__ import annotations

import random

from bench.agreement.damage import names, segments, snapshots
from bench.agreement.damage import raft_files as first
from bench.agreement.state import Operation, State, apply

OPERATIONS: list[Operation] = [
    segments.reseal,
    segments.reseal,
    segments.cut_at_border,
    segments.cut_at_border,
    segments.corrupt_batch,
    segments.corrupt_batch,
    segments.tail,
    segments.tiny_segment,
    segments.more_open,
    segments.more_closed,
    segments.more_closed,
    segments.closed_extremes,
    names.bend_name,
    names.bend_name,
    names.long_names,
    names.directories,
    names.strays,
    snapshots.remeta,
    snapshots.remeta,
    snapshots.reframe,
    snapshots.reframe,
    snapshots.replace_data,
    snapshots.more_snapshots,
    snapshots.metadata_sizes,
    snapshots.metadata_gone,
]


def damage(base: State, seed: int) -> tuple[State, list[str]]:
    """A damaged copy of `base`, and the names of the one to four operations. Deterministic."""
    r = random.Random(f"second corpus {seed}")  # noqa: S311 - reproducible on purpose
    tables = [OPERATIONS, OPERATIONS, first.OPERATIONS]
    return apply(r, base, [1, 1, 1, 2, 2, 3, 4], lambda: r.choice(r.choice(tables)))
