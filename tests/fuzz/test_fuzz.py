"""What fuzzing found once stays mended; and the fuzzer itself runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.__main__ import CORPUS, fuzz
from tests.fuzz.seeds import seeds_of
from tests.fuzz.targets import TARGETS

_FOUND = sorted(path for path in CORPUS.glob("*/*") if path.is_file())


@pytest.mark.parametrize("path", _FOUND, ids=lambda path: f"{path.parent.name}-{path.name[:20]}")
def test_what_was_found_is_answered(path: Path) -> None:
    TARGETS[path.parent.name].read(path.read_bytes())


@pytest.mark.parametrize("kind", sorted(TARGETS))
def test_seeds_are_answered(kind: str) -> None:
    for seed in seeds_of(kind):
        TARGETS[kind].read(seed)


def test_the_fuzzer_runs() -> None:
    """For two seconds: enough to see that inputs are made and that nothing is missing."""
    pytest.importorskip("atheris")
    outcome = fuzz("metadata", "-max_total_time=2")
    assert outcome.held
    assert outcome.executed > 100
