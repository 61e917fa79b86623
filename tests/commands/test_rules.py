"""`rules`: the catalogue on the terminal and as JSON."""

from __future__ import annotations

import io
import json
import pydoc

import pytest

from forensics.cli import main
from forensics.commands.terminal import show
from forensics.rules.api import HEADINGS
from forensics.rules.engine import catalogue


def test_list_names_every_rule_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "list"]) == 0
    lines = [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert sorted(line[0] for line in lines) == [rule.id for rule in catalogue()]
    assert {tuple(line) for line in lines} == {(rule.id, rule.severity.value, rule.title) for rule in catalogue()}


def test_list_of_one_topic(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "list", "--topic", "segment", "--format", "json"]) == 0
    assert {rule["topic"] for rule in json.loads(capsys.readouterr().out)} == {"segment"}
    assert main(["rules", "list", "--topic", "nothing"]) == 2


@pytest.mark.parametrize("rule_id", [rule.id for rule in catalogue()])
def test_show_gives_the_whole_page(rule_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "show", rule_id.lower()]) == 0
    shown = capsys.readouterr().out
    rule = next(rule for rule in catalogue() if rule.id == rule_id)
    assert shown.startswith(f"{rule.id}  {rule.title}\n{rule.severity.value}, ")
    assert [line for line in shown.splitlines() if line in HEADINGS] == list(rule.text)
    shown_words = "".join(shown.split())
    missing = [
        name for name, text in rule.text.items() if name != "References" and "".join(text.split()) not in shown_words
    ]
    assert missing == []


def test_a_misspelt_id_is_told_its_neighbours(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "show", "SEG0001"]) == 2
    assert "SEG001" in capsys.readouterr().err


def test_a_terminal_gets_a_pager_for_more_than_it_has_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal has 24 lines."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    paged: list[str] = []
    monkeypatch.setattr(pydoc, "pager", paged.append)
    monkeypatch.setenv("LINES", "24")
    monkeypatch.setenv("COLUMNS", "80")
    out = Terminal()
    show("a\n" * 23, out)
    assert (out.getvalue(), paged) == ("a\n" * 23, [])
    show("a\n" * 24, out)
    assert paged == ["a\n" * 24]
