"""Times that an archive may claim, and no calendar has."""

from __future__ import annotations

import math

import pytest

from forensics.ingest.files import believable_time


@pytest.mark.parametrize("seconds", [math.nan, math.inf, -math.inf, -1.0, 2.0**60, 253_402_300_800.0])
def test_beyond_the_calendar_is_no_time(seconds: float) -> None:
    assert believable_time(seconds) is None


@pytest.mark.parametrize("seconds", [0.0, 1_795_438_728.0, 253_402_214_400.0])
def test_a_time_within_it_stays(seconds: float) -> None:
    assert believable_time(seconds) == seconds
