"""`sql` without a query: the questions of SQLite's shell, at one index after the other, typed or from a file."""

from __future__ import annotations

import csv
import io
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from forensics.cli import main

BASE = str(Path(__file__).resolve().parents[2] / "fixtures" / "bases" / "healthy.tar.xz")


def ask(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, questions: str, *words: str
) -> tuple[int, list[list[str]], str]:
    monkeypatch.setattr(sys, "stdin", io.StringIO(questions))
    code = main(["sql", BASE, "--format", "csv", *words])
    out, err = capsys.readouterr()
    return code, list(csv.reader(io.StringIO(out))), err


def single(capsys: pytest.CaptureFixture[str], *words: str) -> list[list[str]]:
    assert main(["sql", BASE, *words, "--format", "csv"]) == 0
    return list(csv.reader(io.StringIO(capsys.readouterr().out)))


def test_the_prompt_answers_as_single_commands_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    count = "SELECT count(*), max(id) FROM kine"
    wanted = [
        *single(capsys, count),
        *single(capsys, count, "--at", "100"),
        *single(capsys, ".cluster", "--at", "100"),
        *single(capsys, ".leader", "--at", "100"),
        *single(capsys, count),
    ]
    questions = f"SELECT count(*),\nmax(id)\nFROM kine;\n.at 100\n{count};\n.cluster\n.leader\n.at\n{count}"
    code, rows, err = ask(capsys, monkeypatch, questions)
    assert (code, rows) == (0, wanted)
    assert "index 100, term 1" in err


def test_the_words_of_the_shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    code, rows, _ = ask(
        capsys, monkeypatch, ".databases\n.tables\n.schema kine\n.use demo\n.tables\n.quit\nSELECT 1;\n"
    )
    assert code == 0
    assert rows[:5] == [["database"], ["demo"], ["k8s"], ["name"], ["kine"]]
    assert rows[5] == ["sql"]
    assert any(cell.startswith("CREATE TABLE kine ") for (cell,) in rows)
    assert ["kine"] not in rows[rows.index(["sql"]) :]
    assert ["1"] not in rows


@pytest.mark.parametrize("wrong", [".at 99999", ".at x", ".nothing", "SELEC 1;", ".use nothing"])
def test_a_wrong_question_is_told_and_the_rest_answered(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    code, rows, err = ask(capsys, monkeypatch, f"{wrong}\nSELECT 7;\n", "-q")
    assert (code, rows) == (2, [["7"], ["7"]])
    assert len(err.splitlines()) == 2  # what is wrong, beside the warning of secrets
    assert "Traceback" not in err


def test_the_evidence_cannot_be_where_the_questions_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sql", "-"]) == 2
    assert "give a query, or a file" in capsys.readouterr().err


def test_a_terminal_gets_a_prompt_and_a_history() -> None:
    """Typed: a question, the key for the one before, the end. The prompt names the database and the index."""
    leader, follower = pty.openpty()
    words = [sys.executable, "-m", "forensics", "sql", BASE, "-q"]
    with subprocess.Popen(words, stdin=follower, stdout=follower, stderr=subprocess.DEVNULL) as process:
        os.close(follower)
        seen = ""
        for typed in ("SELECT 40 + 2 AS answer;\n", "\x1b[A\n", ".quit\n"):
            seen += _until(leader, "k8s@270> ")
            os.write(leader, typed.encode())
        assert process.wait(60) == 0
    os.close(leader)
    assert seen.count("\r\n42\r\n") == 2


def _until(terminal: int, wanted: str) -> str:
    seen, end = "", time.monotonic() + 60
    while wanted not in seen and time.monotonic() < end:
        seen += os.read(terminal, 4096).decode()
    assert wanted in seen, seen
    return seen
