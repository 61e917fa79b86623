"""`import forensics`: three lines to use, and what they promise."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import forensics
from forensics.check.build import build, write
from forensics.errors import ForensicsError, UsageError
from tests.fixtures import fixture


def directory(name: str, where: Path) -> Path:
    write(build(fixture(name)), where)
    return where


def test_a_healthy_cluster(tmp_path: Path) -> None:
    report = forensics.analyze(directory("healthy/k8sd", tmp_path / "c"))
    assert (report.level, report.exit_code(), report.incomplete) == ("healthy", 0, False)
    assert json.loads(report.render("json"))["verdict"]["summary"] == report.summary
    assert report.render("html").startswith("<!doctype html>")
    assert forensics.assert_sound(tmp_path / "c").level == "healthy"


def test_a_damaged_one(tmp_path: Path) -> None:
    report = forensics.analyze(directory("segment/single-flipped-bit", tmp_path / "c"))
    assert (report.level, report.exit_code(), report.exit_code("never")) == ("broken", 1, 0)
    assert report.worse_than("critical")[0].rule == "SEG009"
    with pytest.raises(AssertionError, match="SEG009") as told:
        forensics.assert_sound(tmp_path / "c")
    assert "Which node to recover from?" in str(told.value)  # the case, as the terminal shows it
    ids = {finding.rule for finding in report.worse_than("medium")}
    assert forensics.assert_sound(tmp_path / "c", allow=ids).level == "broken"


def test_one_member_of_three_can_be_sound(tmp_path: Path) -> None:
    directory("healthy/k8sd", tmp_path / "c")
    assert forensics.assert_sound(tmp_path / "c/n1").incomplete


def test_nothing_is_not_sound(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no state directory\n")
    with pytest.raises(AssertionError):
        forensics.assert_sound(tmp_path)
    with pytest.raises(UsageError, match="SEG999"):
        forensics.assert_sound(tmp_path, allow=["SEG999"])
    with pytest.raises(ForensicsError):
        forensics.analyze(tmp_path / "absent")


def test_accepted_findings_and_a_moment(tmp_path: Path) -> None:
    """The certificates of the fixture are of 2026-11-22, and for ten years (forensics/check/pki.py)."""
    directory("healthy/k8sd", tmp_path / "c")
    (tmp_path / "ignore.yaml").write_text("- id: CERT003\n  reason: known\n")
    late = datetime(2036, 11, 23, tzinfo=UTC)
    expired = forensics.analyze(tmp_path / "c", as_of=late)
    assert {finding.rule for finding in expired.worse_than("high")} == {"CERT003"}
    assert not forensics.analyze(tmp_path / "c", as_of=late, ignore_file=tmp_path / "ignore.yaml").worse_than("high")
    (tmp_path / "old.json").write_text(expired.render("json"))
    assert forensics.analyze(tmp_path / "c", as_of=late, baseline=tmp_path / "old.json").exit_code() == 0


def test_importing_is_quick() -> None:
    """The package alone loads nothing of the tool; the plugin nothing but pytest."""
    code = "import sys, forensics; print(sorted(m for m in sys.modules if m.startswith('forensics')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['forensics']"
