"""`collector`: the script on standard output, letter by letter."""

from __future__ import annotations

import pytest

from forensics.cli import main
from forensics.collector import script
from tests.fixtures import report


def test_it_prints_the_script(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["collector"]) == 0
    assert capsys.readouterr().out == script()
    assert script().startswith("#!/bin/sh\n")


def test_reports_that_ask_for_more_name_it() -> None:
    wants = report("sosreport/k8s-inspect").collect
    assert wants
    assert all("dqlite-forensics collector" in want.note for want in wants)
