"""The sealed incidents: whole, of kinds that rules tell, and scored no more often than they may be. Not scored here."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bench import sealed
from forensics.rules.engine import catalogue

_FOLDERS = sorted(path.parent for path in Path("fixtures/casebook").glob("*sealed/*/incident.toml"))
_QUIET = ("healthy", "foreign")


def test_there_are_as_many_as_are_asked_for() -> None:
    assert len(_FOLDERS) >= 100
    told = [
        tomllib.loads((one / "incident.toml").read_text("utf-8")) for one in _FOLDERS if one.parent.name == "sealed"
    ]
    quiet = sum(any(one.get(key) for key in _QUIET) for one in told)
    assert (quiet, len(told) - quiet) == (30, 30)


@pytest.mark.parametrize("folder", _FOLDERS, ids=lambda folder: folder.name)
def test_each_says_what_it_is(folder: Path) -> None:
    told = tomllib.loads((folder / "incident.toml").read_text("utf-8"))
    assert told["url"].startswith("https://")
    assert told["answer"].strip()
    assert len(list(folder.iterdir())) > 1
    assert any(told.get(key) for key in _QUIET) or set(told["kinds"]) <= set(sealed.RULES)


def test_no_thread_stands_twice() -> None:
    urls = [tomllib.loads((folder / "incident.toml").read_text("utf-8"))["url"] for folder in _FOLDERS]
    assert len(urls) == len(set(urls))


def test_kinds_name_rules_that_there_are() -> None:
    known = {rule.id for rule in catalogue()}
    assert {rule for rules in sealed.RULES.values() for rule in rules} <= known


def test_a_fourth_scoring_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "casebook.md"
    page.write_text("# Incidents\n" + "\n## 2026-11-29\n" * sealed.SCORINGS_MAX, "utf-8")
    monkeypatch.setattr(sealed, "_PAGE", page)
    before = page.read_text("utf-8")
    assert sealed.main([]) == 2
    assert page.read_text("utf-8") == before
