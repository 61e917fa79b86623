"""The fixtures for tests: loaded once, analysed once a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TypeVar

from forensics import pipeline
from forensics.check.manifest import Fixture, load
from forensics.check.run import analysed
from forensics.report.document import Document
from tests.held.answers import violations_of_starts

ROOT = Path(__file__).resolve().parents[1] / "fixtures"


T = TypeVar("T")


def known(value: T | None) -> T:
    """The value, which must be there."""
    assert value is not None
    return value


@cache
def names() -> list[str]:
    """`topic/name` of all, sorted by the recording that they start from, which is then in memory."""
    found = [path.parent for path in ROOT.glob("*/*/fixture.toml")]
    keyed = sorted((_base(load(folder)), "/".join(folder.parts[-2:])) for folder in found)
    return [name for _, name in keyed]


@cache
def fixture(name: str) -> Fixture:
    """One by name."""
    return load(ROOT / name)


def report(name: str) -> Document:
    """Its report."""
    return _analysis(name)[0]


def unsafe_starts(name: str) -> tuple[str, ...]:
    """Which of its first steps start a node that must not be started: asked while its files can still be read."""
    return _analysis(name)[1]


@cache
def _analysis(name: str) -> tuple[Document, tuple[str, ...]]:
    return analysed(fixture(name), _held)


def _held(analysis: pipeline.Analysis) -> tuple[Document, tuple[str, ...]]:
    return analysis.document, tuple(violations_of_starts(analysis.case, analysis.document))


def _base(fixture: Fixture) -> str:
    return fixture.parts[0].based_on if fixture.parts else ""
