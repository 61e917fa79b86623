"""The log command on a real cluster: what it prints, in each format."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from forensics.cli import main

S118 = str(Path(__file__).resolve().parents[2] / "fixtures" / "bases" / "s118.tar.xz")


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["log", S118, *arguments]) == 0
    return capsys.readouterr().out


def test_json_lines_hold_every_entry_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Node 2 stands at index 339 when the truth was asked, and has a log from 1 on (data/clusters/README.md)."""
    rows = [json.loads(line) for line in output(capsys, "--node", "n2", "--format", "json").splitlines()]
    assert [row["index"] for row in rows][:339] == list(range(1, 340))
    assert {row["node"] for row in rows} == {"n2"}
    assert rows[0]["servers"] == [{"id": "3297041220608546238", "address": "127.0.0.1:9001", "role": "voter"}]
    assert (rows[1]["command"], rows[1]["database"], rows[1]["pages"]) == ("frames", "demo", [1, 2, 3])
    terms = {row["index"]: row["term"] for row in rows}
    assert (terms[308], terms[309]) == (1, 2)


def test_the_node_may_be_named_by_address_and_id(capsys: pytest.CaptureFixture[str]) -> None:
    by_name = output(capsys, "--node", "n1", "--from", "300")
    assert output(capsys, "--node", "127.0.0.1:9001", "--from", "300") == by_name
    assert output(capsys, "--node", "3297041220608546238", "--from", "300") == by_name


def test_csv_has_a_header_and_one_row_an_entry(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "--node", "n2", "--format", "csv", "--type", "change")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["index"] for row in rows] == ["1", "3", "4", "5", "6"]
    assert rows[1]["servers"].endswith("@127.0.0.1:9002=spare")


def test_text_shows_no_page_content(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "--node", "n2")
    assert "/registry" not in text
    assert "      309  term 2" in text


def test_wrong_requests(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["log", S118, "--from", "9", "--to", "3"]) == 2
    assert main(["log", S118, "--from", "99999"]) == 2
    told = capsys.readouterr()
    assert "no log has an entry from 99999 on; they hold " in told.err
    assert main(["log", S118, "--node", "n9"]) == 2
    assert "n1, n2" in capsys.readouterr().err
    assert main(["log", str(tmp_path)]) == 3
