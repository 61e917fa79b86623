"""What a copy still tells is said where somebody decides to send it: by the command, in the map, in docs/redact.md."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from forensics.cli import main
from forensics.commands.redact import STAYS
from tests.sqlite_oracle import Writer

# Numbers of which all that is written stays, a text that goes, and one with which a word that stays begins.
ROW = (4815162342, 2.5, "4111-1111-1111-1111", "hunter2-mercury", "config", "configmaps")


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """A directory with the database that SQLite wrote."""
    folder = tmp_path / "n1"
    folder.mkdir()
    (folder / "info.yaml").write_text("ID: 1\nAddress: a:1\nRole: 0\n")
    writer = Writer(tmp_path)
    writer.run("CREATE TABLE t (a INTEGER, b REAL, c TEXT, d TEXT, e TEXT, f TEXT)", f"INSERT INTO t VALUES {ROW}")  # noqa: S608 - our own
    writer.checkpoint()
    (folder / "local.db.bak").write_bytes(writer.image())
    return folder


def test_what_stays_is_said_and_stays(evidence: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told, key = tmp_path / "map.json", tmp_path / "key"
    key.write_bytes(b"a key of the tests, and of nobody")
    assert main(["redact", str(evidence), "-o", str(tmp_path / "out"), "--map", str(told), "--key", str(key)]) == 0
    said = capsys.readouterr().out
    assert all(f"\n  {what}\n" in said for what in STAYS)
    assert "\n1 name could not be replaced" in said
    assert "config" not in said
    assert json.loads(told.read_text())["stayed"] == ["config"]
    (copy,) = (tmp_path / "out").rglob("*.db.bak")
    with closing(sqlite3.connect(copy)) as opened:
        row = opened.execute("SELECT * FROM t").fetchone()
    assert [one for one, new in zip(ROW, row, strict=True) if one != new] == ["hunter2-mercury"]


@pytest.mark.parametrize(("name", "code"), [("hunter2", 0), ("core", 2), ("12345678", 2), ("con", 2)])
def test_a_name_of_the_policy_goes_or_nothing_is_written(name: str, code: int, evidence: Path, tmp_path: Path) -> None:
    """`core` is a word that stays, a number of 8 digits stays, and `configmaps` begins with `con`."""
    policy = tmp_path / "policy.toml"
    policy.write_text(f'names = ["{name}"]\n')
    out = tmp_path / "out"
    assert main(["redact", str(evidence), "-o", str(out), "--policy", str(policy)]) == code
    assert out.exists() == (code == 0)


def test_a_list_that_was_given_by_itself_is_copied_whatever_its_name(tmp_path: Path) -> None:
    """`analyze` takes it for what is in it: a list of members, with two voters, in the copy as well."""
    given = [{"ID": number, "Address": f"10.77.88.{number}:9000", "Role": 0} for number in (1, 2)]
    path = tmp_path / "list.json"
    path.write_text(json.dumps(given))
    assert main(["redact", str(path), "-o", str(tmp_path / "out")]) == 0
    (copy,) = (tmp_path / "out").iterdir()
    told = json.loads(copy.read_text())
    assert [(one["ID"], one["Role"]) for one in told] == [(1, 0), (2, 0)]
    assert not {one["Address"] for one in told} & {one["Address"] for one in given}
    levels = []
    for one in (path, copy):
        report = tmp_path / "report.json"
        main(["analyze", str(one), "-q", "--json", str(report)])
        levels.append(json.loads(report.read_text())["verdict"]["level"])
    assert levels[0] == levels[1] == "degraded"
