"""A report that was written can be written again, in every format: whatever stands in it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest

from forensics.cli import main
from forensics.report.document import Document
from forensics.report.formats import FORMATS
from forensics.report.stored import parse_report
from tests.chance import chance
from tests.fixtures import names, report

HOSTILE = (
    "a\ud800b",
    "\udcff",
    "nul\0nul",
    "\x1b]0;title\x07\x9b31m",
    "\u202eright\u2066to\ufeffleft",
    "]]> --> </script> <!-- {{7*7}} {% x %} `|\n# *",
    "\ufffe\uffff",
    "=cmd|' /C calc'!A0",
    "x" * 100_000,
    "",
)
NUMBERS = (0, 1, 2**53 + 1, 2**63 - 1, 2**64 - 1)  # the largest that a file of dqlite can hold
TRIES = 20  # others in every run
_FREE = re.compile(r"[ /:.\d]")  # in no word that stands for one of several


def again(document: Document) -> None:
    """JSON reads back as the same document; every other format is text that can be encoded."""
    written = {name: FORMATS[name].render(document) for name in FORMATS}
    assert parse_report(written["json"].encode("utf-8"), "x") == document
    assert all(text.encode("utf-8") for text in written.values())


@pytest.mark.parametrize("number", range(TRIES))
def test_of_fixtures(number: int) -> None:
    """Any of them: others in every run."""
    again(report(Random(chance() + number).choice(names())))  # noqa: S311 - repeatable, not secret


@pytest.mark.parametrize("number", range(TRIES))
def test_with_hostile_values(number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Some texts and numbers of a report replaced: it is written in every format, and the JSON read again."""
    random = Random(chance() + number)  # noqa: S311 - repeatable, not secret
    value = json.loads(FORMATS["json"].render(report(random.choice(sorted(SHOWING)))))
    spoil(value, random, random.choice((0.001, 0.02, 0.3)))
    stored = tmp_path / "report.json"
    stored.write_text(json.dumps(value), encoding="utf-8")  # with \ud800 as such
    for name in FORMATS:
        out = tmp_path / "again"
        assert main(["convert", str(stored), "--format", name, "-o", str(out)]) == 0, capsys.readouterr().err
        if name == "json":
            assert main(["convert", str(out), "--format", "json", "-o", str(tmp_path / "twice")]) == 0
            assert (tmp_path / "twice").read_bytes() == out.read_bytes()


SHOWING = ("healthy/k8sd", "segment/flipped-bit-last", "microcluster/other-address", "sosreport/two-databases-down")


def spoil(value: Any, random: Random, share: float) -> None:
    """Replace this share of all texts and numbers, in place. Words of a fixed list stay, or it would be no report."""
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        if isinstance(inner, dict | list):
            spoil(inner, random, share)
        elif random.random() < share and isinstance(inner, str) and _FREE.search(inner):
            value[key] = random.choice(HOSTILE)
        elif (
            random.random() < share
            and type(inner) is int
            and key not in ("schemaVersion", "bit", "stored", "corrected")
        ):
            value[key] = random.choice(NUMBERS)
