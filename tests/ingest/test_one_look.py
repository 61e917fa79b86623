"""A listing and the YAML files of a node in inputs of their own: one node, as where one paste holds both."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.check.build import build, write
from forensics.check.tree import File, Tree
from tests.fixtures import fixture
from tests.ingest.test_repeats import counted, document

DATABASE = "var/snap/k8s/common/var/lib/k8sd/state/database"


@pytest.fixture(scope="module")
def tree() -> Tree:
    return build(fixture("healthy/k8sd"))


def listing(tree: Tree, node: str) -> str:
    rows = (
        f"-rw------- 1 root root {len(file.content):>8} Mar  3 10:00 {path.rpartition('/')[2]}\n"
        for path, file in sorted(tree.items())
        if path.startswith(f"{node}/{DATABASE}/")
    )
    return f"root@{node}:~# ls -l /{DATABASE}\ntotal 8456\n{''.join(rows)}root@{node}:~#\n"


def yaml_of(tree: Tree, node: str) -> Tree:
    return {
        path: file for path, file in tree.items() if path.startswith(f"{node}/{DATABASE}/") and path.endswith(".yaml")
    }


def given(space: Path, listed: str, yaml: Tree) -> list[str]:
    write(yaml, space / "files")
    (space / "listing.txt").write_text(listed)
    return [str(space / "listing.txt"), str(space / "files")]


def test_they_are_one_node(tree: Tree, tmp_path: Path) -> None:
    apart = document(given(tmp_path, listing(tree, "n1"), yaml_of(tree, "n1")), tmp_path)
    shown = "".join(
        f"root@n1:~# cat /{path.partition('/')[2]}\n{file.content.decode()}\n"
        for path, file in yaml_of(tree, "n1").items()
    )
    (tmp_path / "both.txt").write_text(listing(tree, "n1") + shown)
    together = document([str(tmp_path / "both.txt")], tmp_path)
    assert counted(apart)[0] == counted(together)[0] == ["n1"]
    assert counted(apart)[2:] == counted(together)[2:]


@pytest.mark.parametrize("otherwise", ["another host", "another size", "not listed"])
def test_what_may_be_another_node_stays_one(otherwise: str, tree: Tree, tmp_path: Path) -> None:
    """On every node cluster.yaml is the same and info.yaml as long."""
    listed, yaml = listing(tree, "n1"), yaml_of(tree, "n1")
    if otherwise == "another host":
        yaml = yaml_of(tree, "n2")
    elif otherwise == "another size":
        yaml = {path: File(file.content + b"\n") for path, file in yaml.items()}
    else:
        listed = "".join(line for line in listed.splitlines(keepends=True) if "info.yaml" not in line)
    found = document(given(tmp_path, listed, yaml), tmp_path)
    assert sum(len(cluster.nodes) for cluster in found.clusters) == 2
