"""A log beyond what a run searches is searched to there, and the report says where it stopped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forensics.cli import main
from forensics.limits import KIB, MIB

FULL = b"Nov 22 10:00:00 node-1 k8s-dqlite[871]: write: no space left on device\n"
LINE = b"Nov 22 09:00:00 node-1 systemd[1]: Reloading something that is not of interest.\n"


def analyzed(path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    main(["analyze", str(path), "--format", "json", "--fail-on", "never", *options])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A MiB of lines that tell nothing, then one of a full disk."""
    path = tmp_path / "journal.log"
    path.write_bytes(LINE * (MIB // len(LINE)) + FULL)
    return path


def test_the_end_of_a_log_is_found(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = analyzed(log, capsys)
    assert document["hosts"][0]["journals"][0]["messages"] == {"disk-full": 1}
    assert not document["refusals"]


def test_where_the_search_ended_is_said(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """600 KiB are two pieces of 256 KiB, and no third one: the line of the full disk stands in the fifth."""
    document = analyzed(log, capsys, f"--limit=LOG_BYTES_MAX={600 * KIB}")
    assert document["hosts"][0]["journals"] == []
    refusal = document["refusals"][0]
    assert (refusal["path"], refusal["code"]) == ("journal.log", "LOG_BYTES_MAX")
    assert "--limit LOG_BYTES_MAX=" in refusal["detail"]
    assert ("refused", "journal.log") in {(gap["kind"], gap["subject"]) for gap in document["missing"]}
