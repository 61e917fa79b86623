"""The fixtures for tests: loaded once, analysed once a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TypeVar

from forensics.check.manifest import Fixture, load
from forensics.check.run import document_of
from forensics.report.document import Document

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


@cache
def report(name: str) -> Document:
    """Its report."""
    return document_of(fixture(name))


def _base(fixture: Fixture) -> str:
    return fixture.parts[0].based_on if fixture.parts else ""
