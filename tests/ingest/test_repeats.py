"""The same upload again, however it is packed and wherever it lies: each node once, and nothing counted twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from forensics.check.build import build, pack, write
from forensics.check.tree import File, Tree
from forensics.cli import main
from forensics.report.document import Document
from forensics.report.stored import read_report
from tests.fixtures import fixture

Inputs = Callable[[Tree, Path], list[str]]


def tar(tree: Tree, path: Path) -> str:
    path.write_bytes(pack(tree, path.name.partition(".")[2]))
    return str(path)


def folder(tree: Tree, path: Path) -> str:
    write(tree, path)
    return str(path)


def below(tree: Tree, *places: str) -> Tree:
    return {f"{place}/{path}": file for place in places for path, file in tree.items()}


def of(tree: Tree, node: str) -> Tree:
    return {path: file for path, file in tree.items() if path.startswith(f"{node}/")}


AGAIN: dict[str, Inputs] = {
    "packed otherwise": lambda tree, space: [tar(tree, space / "a.tar"), tar(tree, space / "b.tar.gz")],
    "as a folder, too": lambda tree, space: [tar(tree, space / "a.tar"), folder(tree, space / "a")],
    "one node again": lambda tree, space: [tar(tree, space / "a.tar"), tar(of(tree, "n2"), space / "b.zip")],
    "with a note": lambda tree, space: [
        tar(tree, space / "a.tar"),
        tar({**tree, "note.txt": File(b"hello\n")}, space / "b.tar"),
    ],
    "below another folder": lambda tree, space: [
        tar(tree, space / "a.tar"),
        tar(below(tree, "copy/of"), space / "b.tar"),
    ],
    "twice in one": lambda tree, space: [tar(below(tree, "first", "second"), space / "a.tar")],
    "inside of itself": lambda tree, space: [
        tar({**tree, "again.tar.gz": File(pack(tree, "tar.gz"))}, space / "a.tar"),
    ],
}


def document(inputs: list[str], space: Path) -> Document:
    main(["analyze", *inputs, "-q", "--json", str(space / "report.json")])
    return read_report(str(space / "report.json"))


def counted(document: Document) -> tuple[object, ...]:
    """Nodes, files and findings, but for the one that says what was given twice."""
    nodes = [node.name for cluster in document.clusters for node in cluster.nodes]
    findings = sorted((one.rule, one.severity.value, one.nodes) for one in document.findings if one.rule != "SHP013")
    return nodes, len(document.files), findings, document.missing, document.case and document.case.headline


@pytest.mark.parametrize("topic", ["segment/flipped-bit-last", "healthy/k8sd"])
@pytest.mark.parametrize("inputs", AGAIN.values(), ids=AGAIN)
def test_the_same_again(inputs: Inputs, topic: str, tmp_path: Path) -> None:
    tree = build(fixture(topic))
    once = document([tar(tree, tmp_path / "once.tar")], tmp_path)
    twice = document(inputs(tree, tmp_path), tmp_path)
    assert counted(twice) == counted(once)
    assert "SHP013" in {finding.rule for finding in twice.findings}


def test_the_same_on_another_host_is_none(tmp_path: Path) -> None:
    """Somebody put n1's state on n9: two directories, with one raft ID."""
    tree = build(fixture("healthy/k8sd"))
    cloned = {path.replace("n1/", "n9/", 1): file for path, file in of(tree, "n1").items()}
    found = document([tar({**tree, **cloned}, tmp_path / "a.tar")], tmp_path)
    assert [node.name for cluster in found.clusters for node in cluster.nodes] == ["n1", "n2", "n3", "n9"]
    assert {finding.rule for finding in found.findings} & {"CLU006", "SHP013"} == {"CLU006"}


def test_one_byte_makes_it_another_state(tmp_path: Path) -> None:
    tree = build(fixture("healthy/k8sd"))
    path = next(path for path in tree if path.startswith("n1/") and path.endswith("metadata1"))
    content = bytearray(tree[path].content)
    content[8] ^= 1  # of its version: whichever counts, the two are no longer the same
    changed = {**tree, path: File(bytes(content))}
    found = document(
        [tar(below(tree, "a"), tmp_path / "a.tar"), tar(below(changed, "b"), tmp_path / "b.tar")], tmp_path
    )
    names = [node.name for cluster in found.clusters for node in cluster.nodes]
    assert len([name for name in names if name.endswith("n1")]) == 2
    assert len(names) == 4
