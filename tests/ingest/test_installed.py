"""A broken archive where only software is installed is told, and makes nothing incomplete; elsewhere it does."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from forensics.check.build import build, pack
from forensics.check.tree import File, Tree
from forensics.cli import main
from forensics.report.stored import read_report
from tests.fixtures import fixture

CUT_TAR = gzip.compress(bytes(100_000))[:50]
NO_ZIP = b"PK\3\4" + bytes(60)
ROOT = "sosreport-n1-2026-11-24-abcdefg"
HARMLESS = (
    "usr/lib/python3/dist-packages/pip/tests/broken.tar.gz",
    "usr/share/doc/x/evil.zip",
    "opt/tool/lib/python3.12/site-packages/x/data.tgz",
    "snap/k8s/123/lib/node_modules/tar/test/cut.tar.gz",
    "var/lib/containerd/io.containerd.snapshotter.v1/snapshots/7/fs/usr/share/x.tar.gz",
)
MAY_HOLD_STATE = (
    "inspection-report.tar.gz",
    "root/n2.tgz",
    "usr/local/n2.tar.gz",
    "usr/n2.tar.gz",
    "home/ubuntu/usr-lib/n2.zip",
    "var/snap/k8s/common/var/lib/backup.tar.gz",
    "sos_commands/kubernetes/inspection-report-20261124.tar.gz",
)


@pytest.fixture(scope="module")
def healthy() -> Tree:
    """A node that is whole, in a machine's report."""
    return build(fixture("healthy/stopped-111"))


def analysed(healthy: Tree, broken: str, space: Path) -> tuple[int, list[str], list[str]]:
    """The exit code, what makes it incomplete, and what was refused at all."""
    content = NO_ZIP if broken.endswith(".zip") else CUT_TAR
    upload, out, path = space / "upload.tar", space / "report.json", f"{ROOT}/{broken}"
    upload.write_bytes(pack({**healthy, path: File(content)}, "tar"))
    code = main(["analyze", str(upload), "-q", "--json", str(out)])
    document = read_report(str(out))
    gaps = [gap.subject for gap in document.missing if gap.kind == "refused"]
    return code, gaps, [refusal.path for refusal in document.refusals]


@pytest.mark.parametrize("broken", HARMLESS)
def test_where_software_is_installed(broken: str, healthy: Tree, tmp_path: Path) -> None:
    assert analysed(healthy, broken, tmp_path) == (0, [], [f"{ROOT}/{broken}"])


@pytest.mark.parametrize("broken", MAY_HOLD_STATE)
def test_where_state_may_lie(broken: str, healthy: Tree, tmp_path: Path) -> None:
    path = f"{ROOT}/{broken}"
    assert analysed(healthy, broken, tmp_path) == (4, [path], [path])
