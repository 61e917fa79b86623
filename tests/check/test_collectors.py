"""Collectors' archives hold what the tools take, and their listings are what `ls` prints."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from forensics.check import collectors
from forensics.check.layout import Placed, place
from forensics.check.manifest import Part
from forensics.check.tree import File, Tree, read_recording

BASES = Path(__file__).parents[2] / "fixtures" / "bases"


@pytest.fixture(scope="module")
def hosts() -> Tree:
    """Two hosts with both databases of Canonical Kubernetes and MicroK8s's."""
    placed = Placed()
    for layout, base in (("k8s-dqlite", "single"), ("k8sd", "k8sd"), ("microk8s", "single")):
        nodes = read_recording(BASES / f"{base}.tar.xz")
        place(Part(layout=layout, name=layout), {"n1": dict(nodes["n1"])}, placed)
    return placed.tree | {path.replace("n1/", "n2/", 1): file for path, file in placed.tree.items()}


def test_plugins_take_no_raft_file(hosts: Tree) -> None:
    names = {path.rpartition("/")[2] for path in collectors.sosreports_by_plugins(hosts)}
    own = {"version.txt", "hostname"}
    assert names - own == {"info.yaml", "cluster.yaml", "daemon.yaml", "ls_microk8s_dqlite_dir"}


def test_k8s_inspect_takes_yaml_and_one_listing_that_tells(hosts: Tree) -> None:
    report = collectors.k8s_inspect(hosts)
    listed = report["n1/inspection-report/k8s.k8s-dqlite/k8s-dqlite-files.log"].content.decode()
    assert " 8388608 " in listed
    assert " open-1\n" in listed
    above = report["n1/inspection-report/k8s.k8sd/k8sd-files.log"].content.decode()
    assert [line.split()[-1] for line in above.splitlines()[1:]] == [".", "..", "state"]


def test_one_host_s_inspection_lies_at_the_top(hosts: Tree) -> None:
    one = {path: file for path, file in hosts.items() if path.startswith("n1/")}
    assert {path.partition("/")[0] for path in collectors.microk8s_inspect(one)} == {"inspection-report"}


@pytest.mark.parametrize(("flag", "human"), [("-la", False), ("-lh", True)])
def test_listing_is_what_ls_prints(tmp_path: Path, flag: str, human: bool) -> None:
    files = {
        "metadata1": File(bytes(32)),
        "open-1": File(bytes(8 << 20)),
        "snapshot-1-2-3": File(bytes(1_234_567), 0o640),
        ".hidden": File(bytes(1025)),
        "link": File(target="metadata1"),
        "odd": File(bytes(10_239)),
    }
    for name, file in files.items():
        if file.target:
            (tmp_path / name).symlink_to(file.target)
        else:
            (tmp_path / name).write_bytes(file.content)
            (tmp_path / name).chmod(file.mode)
    printed = subprocess.run(["ls", flag, tmp_path], capture_output=True, text=True, check=True, env={"LC_ALL": "C"})
    assert _told(collectors.listing(files, human=human)) == _told(printed.stdout)


def _told(text: str) -> list[tuple[str, str, str]]:
    """Mode, size and name of each line, links left out: their size is the file system's own affair."""
    rows = [line.split() for line in text.splitlines()[1:]]
    return [(row[0], row[4], " ".join(row[8:])) for row in rows if row[8] not in {".", ".."} and "->" not in row]
