"""The commands that a report asks for: they run, they leave keys out, and what they make is full evidence."""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from forensics import pipeline
from forensics.check.build import build, write
from forensics.check.manifest import Expect, Fixture, Part
from forensics.ingest.products import PRODUCTS, UNKNOWN, Product
from forensics.report.document import Document
from forensics.report.parts.collect import _commands
from forensics.report.parts.sources import source_of
from tests.fixtures import ROOT, report

LAYOUTS = {"k8s-dqlite": "healthy", "k8sd": "k8sd", "microk8s": "trimmed", "lxd": "healthy"}
STUBS = {
    "sudo": 'exec "$@"',
    "hostname": 'echo "$HOST"',
    "journalctl": 'echo "2026-11-25T00:58:01+0100 $HOST systemd[1]: Started snap.k8s.k8sd.service."',
}


def analysed(*paths: Path) -> Document:
    with pipeline.ingest([str(path) for path in paths]) as evidence:
        return pipeline.analyze(evidence).document


def machines(layout: str, folder: Path) -> list[Path]:
    """The root directories of three machines."""
    part = Part(name="", based_on=LAYOUTS[layout], layout=layout, hosts={"n1": "alpha", "n2": "beta", "n3": "gamma"})
    write(build(Fixture("", ROOT / "healthy/k8sd", "", "", "", Expect(), (part,))), folder)
    return sorted(path for path in folder.iterdir() if path.is_dir())


def names_in(archive: Path) -> list[str]:
    with tarfile.open(archive) as tar:
        return tar.getnames()


def run_at(machine: Path, commands: Sequence[str], stubs: Path) -> Path:
    """Run the commands as on a machine of that root; the archive that they make."""
    script = "\n".join(re.sub(r"(?<=\s)/(?=var/)", f"{machine}/", command) for command in commands)
    made = machine.parent / "made" / machine.name
    made.mkdir(parents=True)
    environment = {"PATH": f"{stubs}:{os.environ['PATH']}", "HOST": machine.name}
    subprocess.run(["bash", "-e", "-c", script], cwd=made, env=environment, check=True, capture_output=True)
    (archive,) = made.glob("*.tar.gz")
    return archive


@pytest.fixture
def stubs(tmp_path: Path) -> Path:
    folder = tmp_path / "stubs"
    folder.mkdir()
    for name, line in STUBS.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_the_commands_collect_is_full_evidence(layout: str, tmp_path: Path, stubs: Path) -> None:
    """A listing of each machine asks for them; run there, they answer it."""
    folder = tmp_path / "machines"
    roots = machines(layout, folder)
    lists = []
    for root in roots:
        lists.append(tmp_path / f"{root.name}.txt")
        state = next(path.parent for path in root.rglob("metadata1"))
        listing = subprocess.run(["ls", "-la", str(state)], capture_output=True, text=True, check=True).stdout
        lists[-1].write_text(f"{root.name}:/{state.relative_to(root)}$ ls -la\n{listing}")
    asked = analysed(*lists)
    (want,) = (want for want in asked.collect if want.evidence == "listing")
    assert want.database == layout

    archives = [run_at(root, want.commands, stubs) for root in roots]
    assert not [name for archive in archives for name in names_in(archive) if name.endswith(".key")]
    answered = analysed(*archives)
    (cluster,) = answered.clusters
    assert [(node.name, node.evidence) for node in cluster.nodes] == [(root.name, "full") for root in roots]
    assert not [gap for gap in answered.missing if gap.kind == "grade"]
    listed = [name for node in cluster.nodes for name in node.files if name.name.endswith("cluster.key")]
    assert len(listed) == 3  # keys are there by size and mode


@pytest.mark.parametrize("product", [*PRODUCTS, UNKNOWN], ids=lambda product: product.database)
def test_every_product_has_commands_that_a_shell_reads(product: Product) -> None:
    commands = "\n".join(_commands(product.database, source_of(product)))
    assert subprocess.run(["bash", "-n", "-c", commands], check=False).returncode == 0
    assert "--exclude='*.key'" in commands
    assert "*/" not in commands


@pytest.mark.parametrize(
    ("path", "copied"),
    [
        ("alpha/var/lib/lxd/database/global", "/var/lib/lxd/database"),
        ("alpha/var/snap/lxd/common/lxd/database/global", "/var/snap/lxd/common/lxd/database"),
        ("database/global", "/var/snap/lxd/common/lxd/database"),
    ],
)
def test_the_place_is_that_of_the_evidence(path: str, copied: str) -> None:
    lxd = next(product for product in PRODUCTS if product.database == "lxd")
    assert source_of(lxd, path).copied[0] == copied


SNAPS = "Name  Version  Rev  Tracking  Publisher  Notes\n{name}  {version}  4567  1/stable  canonical  classic\n"


@pytest.mark.parametrize(
    ("files", "wanted", "missing"),
    [
        (
            {
                "snap.microk8s.daemon-kubelite/journal.log": "",
                "sys/snap-list": SNAPS.format(name="microk8s", version="v1.32.9"),
            },
            ["microk8s"],
            "no dqlite state directory was found",
        ),
        ({"k8s.kubelet/journal.log": ""}, ["k8s-dqlite", "k8sd"], "no dqlite state directory was found"),
        (
            {"k8s.kubelet/journal.log": "", "snap-list-k8s.log": SNAPS.format(name="k8s", version="v1.36.1")},
            ["k8sd"],
            "no dqlite state directory was found",
        ),
        (
            {
                "is-worker-node": "",
                "uname.log": "Linux w1 6.8.0\n",
                "snap-list-k8s.log": SNAPS.format(name="k8s", version="v1.33.1"),
            },
            [],
            "no dqlite state directory was found (w1: a worker node, which has none)",
        ),
    ],
)
def test_where_no_state_arrived_the_machines_tell_what_to_collect(
    files: dict[str, str], wanted: list[str], missing: str, tmp_path: Path
) -> None:
    for name, text in files.items():
        where = tmp_path / "inspection-report" / name
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_text(text)
    document = analysed(tmp_path)
    assert [want.database for want in document.collect] == wanted
    assert [gap.detail for gap in document.missing] == [missing]


def test_what_arrived_of_another_cluster_is_not_asked_for_again() -> None:
    """two-bootstraps: n3 was wiped and founded a cluster of its own, at the address of the member that it had been."""
    document = report("cluster/two-bootstraps")
    [want] = document.collect
    assert want.nodes == ("127.23.13.3:9000",)
    assert "before n3" in want.cannot_tell
    [command] = want.commands
    assert "/k8s-dqlite?*" in command
