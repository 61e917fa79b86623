"""`--case-by cluster`: archives of one cluster, sent one by one, are judged together once more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forensics.check.build import build, pack
from forensics.check.tree import Tree
from forensics.cli import main
from tests.fixtures import fixture


def test_archives_of_one_cluster_are_joined(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A recording of three nodes, one archive a node; and an upload of another cluster, which stays alone."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    whole = build(fixture("healthy/lxd"))
    nodes = sorted({path.split("/")[0] for path in whole})
    for node in nodes:
        tree: Tree = {path: file for path, file in whole.items() if path.split("/")[0] == node}
        (folder / f"{node}.tar.zst").write_bytes(pack(tree, "tar.zst"))
    (folder / "other.tar.zst").write_bytes(pack(build(fixture("segment/forced-recovery")), "tar.zst"))
    arguments = ["--store", str(tmp_path / "store")]
    assert main(["fleet", "run", str(folder), "--case-by", "cluster", "--workers", "1", "-q", *arguments]) == 0
    query = "SELECT paths, level FROM cases WHERE len(paths) > 1"
    assert main(["fleet", "sql", query, *arguments, "--format", "json"]) == 0
    joined = json.loads(capsys.readouterr().out)
    assert [[Path(path).name for path in row["paths"]] for row in joined] == [[f"{node}.tar.zst" for node in nodes]]
    assert joined[0]["level"] == "healthy"  # of one node alone that cannot be told
