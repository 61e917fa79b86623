"""What a fixture names of a finding's values is compared, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from forensics.check.manifest import Expect, ExpectedFinding
from forensics.check.run import differences
from tests.fixtures import fixture, report

NAME = "snapshot/shrank"  # database k8s had 26 pages, and has 5


def told(values: dict[str, Any]) -> list[str]:
    expect = Expect(also=(ExpectedFinding("SNAP005", values=values),))
    return differences(replace(fixture(NAME), expect=expect), report(NAME))


def test_of_a_table_some_keys_may_be_named() -> None:
    assert told({"database": "k8s", "before": {"pages": 26}, "now": {"pages": 5}}) == []


@pytest.mark.parametrize(
    "values", [{"before": {"pages": 27}}, {"before": {"leaves": 26}}, {"before": 26}, {"after": {"pages": 5}}]
)
def test_what_differs_or_is_not_there_is_told(values: dict[str, Any]) -> None:
    assert len(told(values)) == 1
