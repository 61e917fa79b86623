"""Questions to the tables: nothing else is read, nothing is written, and every value can be printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forensics.cli import main
from forensics.commands.fleet_ask import _TOP
from forensics.fleet.questions import TOP

Asked = Callable[..., list[dict[str, Any]]]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM glob('/etc/*')",
        "FROM '/etc/hostname'",
        "FROM read_parquet('https://127.0.0.1/x.parquet')",
        "COPY cases TO 'cases.csv'",
        "ATTACH 'other.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "CREATE TABLE mine AS SELECT 1",
        "DELETE FROM all_cases",
        "SELECT 1; SELECT 2",
        "SELECT * FROM store",
        "not SQL",
        "",
    ],
)
def test_what_is_no_question_to_the_tables_is_refused(
    query: str, store: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["fleet", "sql", query, "--store", str(store)]) == 2
    assert not list(tmp_path.iterdir())


def test_every_kind_of_value_is_printed(asked: Asked) -> None:
    (row,) = asked(
        "SELECT 1 AS a, 1.5::DECIMAL(4,1) AS b, 'x' AS c, [1, NULL] AS d, {'e': DATE '2026-11-23'} AS e, "
        "TIMESTAMP '2026-11-23 13:00:00' AS f, INTERVAL 1 DAY AS g, '\\xAA'::BLOB AS h, 2::HUGEINT ** 100 AS i"
    )
    assert row["a"] == 1
    assert row["b"] == 1.5
    assert row["c"] == "x"
    assert row["d"] == [1, None]
    assert row["e"] == {"e": "2026-11-23"}
    assert row["f"] == "2026-11-23T13:00:00"
    assert row["g"] == "1 day, 0:00:00"
    assert row["h"] == {"hex": "aa"}


def test_top_has_every_question_that_the_command_line_offers() -> None:
    assert set(_TOP) == set(TOP)


def test_top_counts_cases(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The upload with the flipped bit is there twice, and each counts: two cases of `log-damaged`."""
    assert main(["fleet", "top", "--by", "fault", "--store", str(store), "--format", "json"]) == 0
    found = {row["fault"]: row["cases"] for row in json.loads(capsys.readouterr().out)}
    assert found["log-damaged"] == 2


def test_status_tells_what_was_set_aside(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fleet", "status", "--store", str(store)]) == 0
    out = capsys.readouterr().out
    assert "uploads/garbage.tar  refused" in out


def test_show_prints_the_report(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fleet", "show", "flipped-bit.tar.zst", "--store", str(store)]) == 0
    assert "the log of n2 is damaged" in capsys.readouterr().out
    assert main(["fleet", "show", "garbage.tar", "--store", str(store)]) == 2
    assert main(["fleet", "show", "none.tar", "--store", str(store)]) == 2


def test_there_is_no_store(tmp_path: Path) -> None:
    assert main(["fleet", "status", "--store", str(tmp_path / "none")]) == 3
    assert not (tmp_path / "none").exists()
