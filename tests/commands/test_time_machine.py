"""`sql` and `extract` on what real clusters wrote, against what the running clusters answered."""

from __future__ import annotations

import csv
import io
import json
import lzma
import sqlite3
import tarfile
import tomllib
from pathlib import Path
from typing import Any

import pytest

from forensics.cli import main

BASES = Path(__file__).resolve().parents[2] / "fixtures" / "bases"
FINAL = ("end", "restart: all three", "restart: all three copies", "restart: n1")  # nothing was written in a restart


# Where the newest evidence is not what the running cluster answered from: an entry that was never committed, and a
# cluster of two nodes that went on without the one whose configuration was forced.
ELSEWHERE = {
    ("leader-ahead", "end"): ("--at", "85"),
    ("forced-recovery", "restart: all three"): ("--node", "n2"),
}


def truths() -> list[Any]:
    """(base, manifest's index and node where it tells them, the truth) of every table of a last moment."""
    found = []
    for path in sorted(BASES.glob("*.toml")):
        moments = {moment["moment"]: moment for moment in tomllib.loads(path.read_text())["moment"]}
        lines = lzma.decompress(path.with_suffix(".rows.jsonl.xz").read_bytes()).decode().splitlines()
        for told in map(json.loads, lines):
            if told["moment"] in FINAL:
                at = moments[told["moment"]]
                name = f"{path.stem}: {told['moment']}: {told['database']}.{told['table']}"
                found.append(pytest.param(path.stem, at.get("index"), at.get("index_of"), told, id=name))
    return found


def archive(name: str) -> str:
    return str(BASES / f"{name}.tar.xz")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize(("base", "index", "node", "told"), truths())
def test_the_answer_is_that_of_the_running_cluster(
    base: str, index: int | None, node: str | None, told: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """Row for row, at the last index and by the default choice of node, and at the index that the manifest knows.

    But for sqlite_sequence, which has no key: the recordings differ in the order that they asked for.
    """
    query = f"SELECT * FROM {told['table']}"  # noqa: S608 - names from our own manifests
    where = ["--database", told["database"], "--format", "json", *ELSEWHERE.get((base, told["moment"]), ())]
    code, out, err = run(capsys, "sql", archive(base), query, *where)
    assert code == 0
    rows, wanted = as_sent(capsys, base, told, json.loads(out)), told["rows"]
    keyless = told["table"] == "sqlite_sequence"
    assert (sorted(rows) if keyless else rows) == (sorted(wanted) if keyless else wanted)
    assert [list(row) for row in json.loads(out)][:1] == [told["columns"]][: len(told["rows"])]
    assert "secrets" in err
    if index is not None and node is not None:
        assert f"index {index}," in err
        assert run(capsys, "sql", archive(base), query, *where, "--node", node, "--at", str(index))[1] == out


def as_sent(
    capsys: pytest.CaptureFixture[str], base: str, told: dict[str, Any], rows: list[dict[str, Any]]
) -> list[list[Any]]:
    """As dqlite's protocol carries rows: NULL in a column of times is sent as an empty text, for value_type in
    canonical/dqlite src/query.c gives it the type ISO8601.
    """
    if not any(value is None for row in rows for value in row.values()):
        return [list(row.values()) for row in rows]
    query = f"SELECT name, type FROM pragma_table_info('{told['table']}')"  # noqa: S608 - as above
    _, out, _ = run(capsys, "sql", archive(base), query, "--database", told["database"], "--format", "json")
    times = {row["name"] for row in json.loads(out) if row["type"].upper() in ("DATETIME", "TIMESTAMP")}
    return [["" if value is None and name in times else value for name, value in row.items()] for row in rows]


def test_the_queries_of_the_page_that_the_project_started_from(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "sql", archive("healthy"), "select id, name, value from kine limit 100;")
    assert len(out.splitlines()) == 102
    _, out, _ = run(capsys, "sql", archive("k8sd"), "SELECT * FROM sqlite_master WHERE type='table'", "--format", "csv")
    names = [row["name"] for row in csv.DictReader(io.StringIO(out))]
    assert {"core_cluster_members", "cluster_configs", "schemas"} <= set(names)


def test_a_node_is_named_by_name_id_address_or_path(capsys: pytest.CaptureFixture[str]) -> None:
    for node in ("n1", "3297041220608546238", "127.0.0.1:9001", "s111/n1"):
        _, out, err = run(capsys, "sql", archive("s111"), "SELECT max(id) FROM kine", "--node", node, "--format", "csv")
        assert out == "max(id)\n301\n"
        assert "node n1: index 309, term 1" in err
    code, _, err = run(capsys, "sql", archive("s111"), "SELECT 1", "--node", "n7")
    assert code == 2
    assert "there are lag3, n1, n2, n3" in err


def test_the_newest_evidence_answers_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Term comes before index: node 1 holds an entry of term 1 that the others replaced in term 2."""
    _, _, err = run(capsys, "sql", archive("s111"), "SELECT 1")
    assert "node n2, the newest of 4 nodes: index 340, term 2" in err


def test_an_index_out_of_reach_says_what_is_in_reach(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "sql", archive("trimmed"), "SELECT 1", "--at", "300")
    assert (code, out) == (2, "")
    assert "index 300 cannot be rebuilt; the evidence reaches n1: 320-414; n2: 320-414; n3: 320-414" in err


def test_formats(capsys: pytest.CaptureFixture[str]) -> None:
    query = "SELECT 1 AS a, x'00ff' AS b, NULL AS c, 'e' || char(27) AS d, 9e999 AS a, x'" + "ab" * 40 + "' AS f"
    words = ("sql", archive("single"), query, "-q", "--format")
    expected = [{"a": 1, "b": {"hex": "00ff"}, "c": None, "d": "e\x1b", "a:1": "inf", "f": {"hex": "ab" * 40}}]
    assert json.loads(run(capsys, *words, "json")[1]) == expected
    assert list(csv.reader(io.StringIO(run(capsys, *words, "csv")[1])))[1] == [
        "1",
        "00ff",
        "",
        "e\\x1b",
        "inf",
        "ab" * 40,
    ]
    text = run(capsys, *words, "text")[1]
    assert "\x1b" not in text
    assert f"x'{'ab' * 16}…' (40 bytes)" in text
    assert json.loads(run(capsys, *words[:2], "SELECT 1 WHERE 0", "--format", "json")[1]) == []


def test_extract_writes_databases_that_sqlite_opens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out"
    code, out, err = run(capsys, "extract", archive("p118"), "--at", "2000", "-o", str(target), "--format", "json")
    assert code == 0
    assert "secrets" in err
    assert [(found["database"], Path(found["file"]).name) for found in json.loads(out)["databases"]] == [
        ("demo", "demo.sqlite"),
        ("k8s", "k8s.sqlite"),
    ]
    assert {path.stat().st_mode & 0o777 for path in target.iterdir()} == {0o600}
    with sqlite3.connect(f"file:{target}/k8s.sqlite?mode=ro", uri=True) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = connection.execute("SELECT * FROM kine").fetchall()
    _, out, _ = run(capsys, "sql", archive("p118"), "SELECT * FROM kine", "--at", "2000", "--format", "json")
    assert [tuple(row.values()) for row in json.loads(out)] == rows
    code, _, err = run(capsys, "extract", archive("p118"), "-o", str(target))
    assert code == 2
    assert "exists already" in err


def test_extract_refuses_to_write_into_the_evidence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with tarfile.open(archive("single")) as tar:
        tar.extractall(tmp_path, filter="data")
    before = sorted(tmp_path.rglob("*"))
    code, _, err = run(capsys, "extract", str(tmp_path), "-o", str(tmp_path / "single" / "out"))
    assert code == 2
    assert "inside the input" in err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", ".hidden", "a\0b", "", "..", "name " * 99, "ünï"])
def test_database_names_of_the_evidence_make_safe_file_names(name: str) -> None:
    from forensics.commands.extract import safe_name  # noqa: PLC0415 - only this test looks inside

    safe = safe_name(name)
    assert safe.endswith(".sqlite")
    assert len(safe) < 128
    assert safe[0] not in ".-"
    assert set(safe) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    assert safe_name("k8s") == "k8s.sqlite"
    assert safe_name("a/b") != safe_name("a_b") != safe_name("a:b")


def test_history_tells_what_each_value_says_of_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """Real protobuf envelopes: kind and names agree with the key; sizes are those that the cluster told."""
    _, out, _ = run(
        capsys,
        "sql",
        archive("healthy"),
        "SELECT name, max(id), length(value) FROM kine GROUP BY name",
        "--format",
        "json",
    )
    shown = 0
    for row in json.loads(out):
        parts = row["name"].split("/")
        if len(parts) != 5 or parts[2] not in ("pods", "leases", "configmaps"):
            continue
        code, out, _ = run(capsys, "history", archive("healthy"), row["name"], "--format", "json")
        assert code == 0
        last = json.loads(out)[-1]
        assert (last["revision"], last["size"]) == (row["max(id)"], row["length(value)"])
        if last["operation"] != "delete":
            shown += 1
            kind = {"pods": "Pod", "leases": "Lease", "configmaps": "ConfigMap"}[parts[2]]
            assert (last["object"]["kind"], last["object"]["namespace"], last["object"]["name"]) == (kind, *parts[3:])
        if shown == 6:
            break
    assert shown == 6


def test_history_of_a_secret_shows_size_and_digest_only(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(
        capsys, "sql", archive("healthy"), "SELECT name FROM kine WHERE name LIKE '%/secrets/%'", "--format", "csv"
    )
    key = out.splitlines()[1]
    _, out, _ = run(capsys, "history", archive("healthy"), key, "--format", "json")
    first = json.loads(out)[0]
    assert first["object"] is None
    assert first["size"] > 0
    assert len(first["digest"]) == 16
    assert set(first) == {
        "index", "indexAtMost", "term", "revision", "operation", "createRevision", "prevRevision", "lease", "size",
        "digest", "object",
    }  # fmt: skip


def test_history_of_the_compact_key(capsys: pytest.CaptureFixture[str]) -> None:
    """Created once, then changed in place at each compaction: at revisions 20, 80 and 158, as the cluster told last."""
    code, out, err = run(capsys, "history", archive("healthy"), "compact_rev_key", "--format", "json")
    found = json.loads(out)
    assert [change["operation"] for change in found] == ["create", "rewrite", "rewrite", "rewrite"]
    assert found[-1]["prevRevision"] == 158
    assert "warning" not in err
    assert json.loads(run(capsys, "history", archive("healthy"), "/no/such/key", "--format", "json")[1]) == []
    assert code == 0
