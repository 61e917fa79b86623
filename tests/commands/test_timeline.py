"""`timeline`: what clocks date and what raft orders stay apart, in all three formats."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path

import pytest

from forensics.check.build import build, write
from forensics.cli import main
from tests.fixtures import fixture

# healthy/k8sd: six certificates of 2026-11-22 for ten years (fixtures' pki), and a file time each of 12:58 for three
# nodes' last entry and cluster.yaml and for n1's first segment: `tar -tv fixtures/bases/k8sd.tar.xz`.
CERTIFICATES, FILES = 6, 7
MEMBERS = [1, 3, 4, 5, 6]  # truth: fixtures/bases/k8sd.toml; the first entry of the term is 1, too


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> str:
    where: Path = tmp_path_factory.mktemp("state")
    write(build(fixture("healthy/k8sd")), where)
    log = "2026-11-23T13:00:00+0000 n1 k8s.k8sd[1]: Daemon stopped: failed to start: raft: token=hunter2hunter2\n"
    (where / "n1/journal.log").write_text(log)
    return str(where)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    assert main(["timeline", *arguments]) == 0
    done = capsys.readouterr()
    return done.out, done.err


def test_timesketch_gets_what_it_requires(directory: str, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = printed(capsys, directory, "--format", "jsonl")
    rows = [json.loads(line) for line in out.splitlines()]
    assert all(row["message"] and row["timestamp_desc"] for row in rows)
    times = [datetime.fromisoformat(row["datetime"]) for row in rows]
    assert all(time.tzinfo for time in times)
    assert times == sorted(times)
    told = [row["timestamp_desc"] for row in rows]
    assert told.count("Certificate Not Before") == told.count("Certificate Not After") == CERTIFICATES
    assert sum(one.startswith("File Modified") for one in told) == FILES
    assert "6 events of raft's own order" in err


def test_csv_has_both_orders(directory: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(printed(capsys, directory, "--format", "csv")[0])))
    by_raft = [row for row in rows if not row["datetime"]]
    assert rows[-len(by_raft) :] == by_raft
    assert [int(row["index"]) for row in by_raft if row["timestamp_desc"] == "Raft Configuration"] == MEMBERS
    assert [int(row["index"]) for row in by_raft if row["timestamp_desc"] == "Raft Term"] == [1]


def test_text_has_two_lists_and_no_secret(directory: str, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = printed(capsys, directory)
    clocks, _, raft = out.partition("In raft's order, without times")
    assert clocks.startswith("By the clocks of the hosts")
    assert "2026-11-23T12:58:48Z" in clocks
    assert "turns from spare to voter" in raft
    assert "hunter2" not in out
