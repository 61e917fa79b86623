"""The script on nodes of a real cluster: while they run and are written to, and when they have stopped."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fixtures.make.cluster import Cluster, Node
from forensics.collector import script
from forensics.report.document import Evidence
from tests.collector.machine import SHELLS, analysed, userland
from tests.tools import tool

_SUBNET = 1983
_ROWS = 40


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Two nodes of Debian's dqlite, with some rows."""
    tool("dqlite-demo")
    with Cluster(_SUBNET, 2) as made:
        made.bootstrap()
        with made.connect("demo") as client:
            client.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, value TEXT)")
            for number in range(_ROWS):
                client.execute("INSERT INTO t(value) VALUES (?)", f"row {number}")
        yield made


@contextmanager
def writing(cluster: Cluster) -> Iterator[None]:
    """A client that inserts without a pause."""
    enough = threading.Event()

    def write() -> None:
        with cluster.connect("demo") as client:
            while not enough.is_set():
                client.execute("INSERT INTO t(value) VALUES ('more')")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        enough.set()
        writer.join(30)


def collect(node: Node, out: Path, shell: str) -> tuple[Path, str]:
    """On this very machine: no --root, so its clock, addresses and units are asked for, too."""
    out.mkdir(parents=True)
    (out.parent / "collect.sh").write_text(script())
    call, environment = userland(shell, out.parent)
    arguments = [*call, str(out.parent / "collect.sh"), "--output", str(out), "--dir", str(node.directory)]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=True, timeout=300)
    (archive,) = [Path(line) for line in done.stdout.splitlines()]
    return archive, done.stderr


@pytest.mark.slow
def test_running_and_stopped(cluster: Cluster, tmp_path: Path) -> None:
    """Running: it is said, and what changed is known. Stopped: one moment, whole, with every row in the log."""
    with writing(cluster):
        for shell in SHELLS:
            archive, said = collect(cluster["n1"], tmp_path / "running" / shell, shell)
            with analysed(archive) as analysis:
                (node,) = analysis.document.clusters[0].nodes
                (state,) = (found.state for found in analysis.case.clusters[0].nodes)
                # a segment that is finished between a look and its copy has another name in each: the archive says so
                absent = {file.name for file in state.files.values() if file.listed}
                assert absent <= {*(state.changed or ())}
                assert node.evidence is (Evidence.PARTIAL if absent else Evidence.FULL)
                assert "while" in said
                assert any(name.startswith("open-") for name in state.changed or ())
                assert not [one for one in analysis.document.findings if one.severity in ("critical", "high", "medium")]
    assert all(node.stop() for node in cluster.nodes.values())
    for shell in SHELLS:
        archives = [collect(node, tmp_path / name / shell, shell)[0] for name, node in cluster.nodes.items()]
        with analysed(*archives) as analysis:
            document = analysis.document
            assert {node.evidence for node in document.clusters[0].nodes} == {Evidence.FULL}
            assert {found.state.changed for found in analysis.case.clusters[0].nodes} == {()}
            assert document.verdict.level == "healthy", document.verdict.summary
            assert all(node.log and node.log.last_index > _ROWS for node in document.clusters[0].nodes)
            assert all(host.name for host in document.hosts)
