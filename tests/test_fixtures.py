"""Every fixture shows what it says, every file of a fixture is listed, and none is larger than a repository likes."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.check.build import build, pack
from forensics.check.run import differences
from tests.fixtures import ROOT, fixture, names, report

SIZE_MAX = 256 * 1024


@pytest.mark.parametrize("name", names())
def test_fixture_shows_what_it_expects(name: str) -> None:
    assert differences(fixture(name), report(name)) == []


@pytest.mark.parametrize("name", names())
def test_keys_tell_findings_apart(name: str) -> None:
    """Of two findings with one key, a baseline could not say which one it knows."""
    keys = [finding.key for finding in report(name).findings]
    assert [key for key in keys if keys.count(key) > 1] == []


def test_every_file_belongs_to_a_fixture() -> None:
    """Orphans: nobody would know why they are there."""
    topics = [path for path in ROOT.iterdir() if any(path.rglob("fixture.toml"))]
    listed: set[Path] = set()
    for name in names():
        folder = ROOT / name
        listed.add(folder / "fixture.toml")
        listed |= {folder / part.archive for part in fixture(name).parts if part.archive}
    for told in ROOT.glob("casebook/*sealed/*/incident.toml"):  # scored by bench/sealed.py
        listed |= set(told.parent.iterdir())
    makers = {ROOT / "casebook/make.py", ROOT / "casebook/NEITHER"}
    there = {path for topic in topics for path in topic.rglob("*") if path.is_file()} - makers
    assert there - listed == set()
    assert listed - there == set()


def test_other_folders_say_what_they_are() -> None:
    """Recordings, their makers, corpora: what is no fixture explains itself."""
    others = [path for path in ROOT.iterdir() if path.is_dir() and not any(path.rglob("fixture.toml"))]
    explained = {path.parent for path in [*ROOT.glob("*/README.md"), *ROOT.glob("*/__init__.py")]}
    assert {path for path in others if path.name != "__pycache__"} <= explained


def test_fixtures_are_small() -> None:
    sizes = {name: sum(path.stat().st_size for path in (ROOT / name).iterdir()) for name in names()}
    assert {name: size for name, size in sizes.items() if size > SIZE_MAX} == {}


def test_no_private_key_is_stored() -> None:
    marker = b"PRIVATE KEY" + b"-----"
    stored = [path for name in names() for path in (ROOT / name).iterdir() if marker in path.read_bytes()]
    assert stored == []


@pytest.mark.parametrize("name", ["healthy/k8sd", "healthy/stopped-111"])
def test_building_is_deterministic(name: str) -> None:
    """Keys too: they follow from their labels."""
    first, second = (pack(build(fixture(name)), "tar.gz") for _ in range(2))
    assert first == second
