"""`fleet run`: every case ends in a state, reports are those of `analyze`, and nothing is done twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forensics.cli import main
from forensics.fleet import warm
from forensics.fleet.store import Store

Asked = Callable[..., list[dict[str, Any]]]


def test_every_case_ends_in_a_state(asked: Asked) -> None:
    found = {row["name"]: row["state"] for row in asked("SELECT name, state FROM cases")}
    judged = (
        "again.tar.zst",
        "flipped-bit.tar.zst",
        "forced-recovery.tar.zst",
        "healthy-k8sd.tar.zst",
        "healthy-lxd.tar.zst",
    )
    assert found == {f"uploads/{name}": "ok" for name in judged} | {"uploads/garbage.tar": "refused"}


def test_what_is_refused_is_tried_once_and_says_why(asked: Asked) -> None:
    (row,) = asked("SELECT name, state, try, reason FROM failures")
    assert (row["name"], row["state"], row["try"]) == ("uploads/garbage.tar", "refused", 1)
    assert row["reason"]


def test_reports_are_those_of_analyze(uploads: Path, store: Path, asked: Asked, tmp_path: Path) -> None:
    """Byte for byte; of the same upload under two names that of one of them."""
    names: dict[str, list[str]] = {}
    for row in asked("SELECT name, key FROM cases WHERE state = 'ok'"):
        names.setdefault(row["key"], []).append(row["name"].removeprefix("uploads/"))
    assert sorted(map(len, names.values())) == [1, 1, 1, 2]
    for key, same in names.items():
        written = tmp_path / "report.json"
        alone = []
        for name in same:
            main(["analyze", str(uploads / name), "--json", str(written), "-q", "--fail-on", "never"])
            alone.append(written.read_bytes())
        assert Store(str(store)).report_text(key) in alone


def test_nothing_is_done_again(
    uploads: Path, store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a case was judged")

    monkeypatch.setattr(warm.Child, "judge", refuse)
    assert main(["fleet", "run", str(uploads), "--store", str(store), "--workers", "1"]) == 0
    assert capsys.readouterr().out == "nothing to do; 6 cases finished before\n"


def test_tables_that_were_lost_are_made_again_from_the_reports(
    uploads: Path, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As after a kill before they were written: no case is judged again."""
    copy = tmp_path / "copy"
    shutil.copytree(store, copy)
    before = _everything(copy, capsys)
    shutil.rmtree(copy / "tables")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a case was judged")

    monkeypatch.setattr(warm.Child, "judge", refuse)
    assert main(["fleet", "run", str(uploads), "--store", str(copy), "--workers", "1", "-q"]) == 4
    assert _everything(copy, capsys) == before


def test_a_damaged_report_is_made_again(uploads: Path, store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(store, copy)
    shutil.rmtree(copy / "tables")
    report = max((copy / "reports").iterdir())
    whole = report.read_bytes()
    report.write_bytes(whole[: len(whole) // 2])
    assert main(["fleet", "run", str(uploads), "--store", str(copy), "--workers", "1", "-q"]) == 4
    assert report.read_bytes() == whole


def _everything(store: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    tables = []
    for table in ("inputs", "nodes", "faults", "findings", "checks"):
        main(["fleet", "sql", f"FROM {table} ORDER BY ALL", "--store", str(store), "--format", "csv"])
        tables.append(capsys.readouterr().out)
    return tables


def test_sentences_stay_out_of_the_tables_unless_asked_for(asked: Asked) -> None:
    assert asked("SELECT count(headline) AS n FROM cases") == [{"n": 0}]
    assert asked("SELECT count(problem) AS n FROM findings") == [{"n": 0}]
    assert asked("SELECT count(cause) AS n FROM faults") == [{"n": 0}]


def test_a_store_inside_a_source_is_refused(uploads: Path) -> None:
    assert main(["fleet", "run", str(uploads), "--store", str(uploads / "store")]) == 2
    assert not (uploads / "store").exists()
