"""Files of the names that README and docs use for a reader's own: uploads, an earlier report, a copied directory."""

from __future__ import annotations

import io
import lzma
import shutil
import tarfile
from pathlib import Path

from forensics.check.build import build
from forensics.check.tree import tar_of
from forensics.cli import main
from tests.fixtures import fixture
from tests.real_files import recorded


def prepare(folder: Path) -> Path:
    """Write them all; gives the folder.

    node1.tar.gz to node3.tar.gz are one damaged cluster, as n1.tar.gz to n3.tar.gz; out.tar.gz is all of it, with out/
    and report.json, as monday.tar.gz. later.tar.gz is the same cluster as it was later, sound, as tuesday.tar.gz.
    state/ is a node with entries 1 to 2246.
    """
    sound = recorded("k8sd")
    damaged = {name: _damaged(files, number) for number, (name, files) in enumerate(sorted(sound.items()), 1)}
    for number, (name, files) in enumerate(sorted(damaged.items()), 1):
        _pack(folder / f"node{number}.tar.gz", {name: files})
        (folder / f"n{number}.tar.gz").symlink_to(f"node{number}.tar.gz")
    _pack(folder / "out.tar.gz", damaged)
    _pack(folder / "later.tar.gz", sound)
    (folder / "monday.tar.gz").symlink_to("out.tar.gz")
    (folder / "tuesday.tar.gz").symlink_to("later.tar.gz")
    (folder / "uploads").mkdir()
    _pack(folder / "uploads/out.tar.gz", {"n1": sound["n1"]})
    (folder / "reports").mkdir()
    (folder / "state").mkdir()
    for name, content in recorded("lagging")["n2"].items():
        (folder / "state" / name).write_bytes(content)
    reports = lzma.compress(tar_of(build(fixture("sosreport/plugin-microk8s"))), preset=0)
    for called in ("sosreport-n1", "sosreport-n2"):
        (folder / f"{called}.tar.xz").write_bytes(reports)
    main(["analyze", str(folder / "out.tar.gz"), "--quiet", "-o", str(folder / "out")])
    shutil.copy(folder / "out/report.json", folder)
    return folder


def _damaged(files: dict[str, bytes], number: int) -> dict[str, bytes]:
    """One bit of the largest segment is another, in another place on each node."""
    name = max(files, key=lambda name: len(files[name]))
    content, at = files[name], len(files[name]) * number // 4
    return files | {name: content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]}


def _pack(path: Path, nodes: dict[str, dict[str, bytes]]) -> None:
    with tarfile.open(path, "w:gz", compresslevel=1) as tar:
        for node, files in nodes.items():
            for name, content in files.items():
                info = tarfile.TarInfo(f"{node}/{name}")
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
