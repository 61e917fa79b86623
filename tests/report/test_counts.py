"""Counts and ranges that stand side by side: as many entries as the range has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from tests.fixtures import names, report


@pytest.mark.parametrize("name", names())
def test_a_count_fits_its_range(name: str) -> None:
    """Wherever the report says what a stretch of a log holds, and in every choice's loss."""
    document = msgspec.to_builtins(report(name))
    assert [one for one in _ranges(document["findings"]) if _held(one) != _spanned(one)] == []
    losses = [
        loss
        for cluster in document["clusters"]
        if cluster["recovery"]
        for loss in (*cluster["recovery"]["losses"], *cluster["recovery"]["ownLoss"])
        if loss["firstIndex"] is not None
    ]
    assert [one for one in losses if not 0 < one["entries"] <= one["lastIndex"] - one["firstIndex"] + 1] == []


def _ranges(value: Any) -> Iterator[dict[str, Any]]:
    """Every part that counts entries by their types."""
    if isinstance(value, dict):
        if {"first", "last", "commands", "barriers", "changes"} <= value.keys():
            yield value
        for inner in value.values():
            yield from _ranges(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _ranges(inner)


def _held(found: dict[str, Any]) -> int:
    return int(found["commands"] + found["barriers"] + found["changes"])


def _spanned(found: dict[str, Any]) -> int:
    return sum(one["last"] - one["first"] + 1 for one in found["stretches"] or [found])
