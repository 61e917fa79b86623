"""Uploads of one cluster that came in several archives: cases of their own first, then judged together.

Which directories belong together is for the analysis to say (forensics/facts/cluster/join.py). What is put before it
are uploads that share a server's ID, which is random, and were collected in one ISO week.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from forensics.fleet.model import FleetCase
from forensics.fleet.questions import asking
from forensics.fleet.store import Store
from forensics.on_disk import FOUNDER_IDS

_FOUNDERS: Final = tuple(map(str, FOUNDER_IDS))
_IDS: Final = (
    "SELECT DISTINCT c.name, c.week, n.server_id FROM cases c JOIN nodes n USING (key) "
    "WHERE n.server_id IS NOT NULL AND NOT list_contains(?, n.server_id) ORDER BY ALL"
)
_KEYS: Final = "SELECT name, key FROM cases WHERE state = 'ok'"


def join_clusters(store: Store, cases: Sequence[FleetCase]) -> list[FleetCase]:
    """A case for each cluster and week of which several of these cases, with different bytes, hold something."""
    by_name = {case.name: case for case in cases}
    with asking(store) as questions:
        rows = [row for row in questions.rows(_IDS, (list(_FOUNDERS),)) if row[0] in by_name]
        keys = dict(questions.rows(_KEYS))
    groups = _connected((name, f"{week} {server_id}") for name, week, server_id in rows)
    weeks = {name: week for name, week, _ in rows}
    several = [distinct for names in groups if len(distinct := _distinct(names, keys)) > 1]
    return [_joined([by_name[name] for name in names], weeks[names[0]]) for names in several]


def _distinct(names: Iterable[str], keys: dict[str, str]) -> list[str]:
    """One for each report: the same bytes twice are one upload."""
    return sorted({keys[name]: name for name in sorted(names, reverse=True)}.values())


def _joined(cases: Sequence[FleetCase], week: str | None) -> FleetCase:
    stamp = hashlib.sha256("".join(case.stamp for case in cases).encode()).hexdigest()
    paths = tuple(sorted(path for case in cases for path in case.paths))
    return FleetCase(f"cluster {week} {cases[0].name}", paths, stamp, sum(case.size for case in cases))


def _connected(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Names that are connected by what they have in common."""
    group_of: dict[str, set[str]] = {}
    by_mark: dict[str, list[str]] = defaultdict(list)
    for name, mark in pairs:
        group_of.setdefault(name, {name})
        by_mark[mark].append(name)
    for names in by_mark.values():
        merged = {name for held in names for name in group_of[held]}
        group_of |= dict.fromkeys(merged, merged)
    return sorted({id(group): group for group in group_of.values()}.values(), key=min)
