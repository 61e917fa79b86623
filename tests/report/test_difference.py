"""`diff` on uploads of one cluster at two times; what became of it is known from the recordings' histories."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from forensics import pipeline
from forensics.report.difference_text import render_difference
from forensics.report.document import Document, Host, Node
from forensics.report.document.difference import NodeDifference, NodesDifference, UploadsDifference
from forensics.report.parts.difference import build_difference
from forensics.report.parts.difference.clusters import compare_hosts
from forensics.report.parts.difference.nodes import compare_documents
from tests.fixtures import known, report
from tests.made_clusters import BASES
from tests.report.documents import healthy


def upload(to: Path, base: str, nodes: Mapping[str, str]) -> Path:
    """Directories of a recording under names of one's choice: name → directory in the recording."""
    with tarfile.open(BASES / f"{base}.tar.xz") as archive:
        archive.extractall(to, filter="data")
    for name, source in nodes.items():
        shutil.copytree(to / base / source, to / "upload" / name)
    return to / "upload"


def difference(one: Path, other: Path) -> NodesDifference | UploadsDifference:
    """What `diff` prints as JSON; and its text can be made of it."""
    with pipeline.ingest([str(one)]) as before, pipeline.ingest([str(other)]) as after:
        first, second = pipeline.analyze(before), pipeline.analyze(after)
        found = build_difference((first.case, second.case), (first.document, second.document))
    assert render_difference(found)
    return found


def uploads(one: Path, other: Path) -> UploadsDifference:
    """The difference of two states of one cluster."""
    found = difference(one, other)
    assert isinstance(found, UploadsDifference)
    return found


def pair(tmp_path: Path, base: str, before: str, after: str, node: str = "n3") -> tuple[Path, Path]:
    """Two uploads of n1 to n3 that differ in one node's directory."""
    others = {name: name for name in ("n1", "n2", "n3") if name != node}
    return (
        upload(tmp_path / "a", base, others | {node: before}),
        upload(tmp_path / "b", base, others | {node: after}),
    )


def node_row(found: UploadsDifference, name: str) -> NodeDifference:
    """What became of one node."""
    return next(row for row in found.nodes if name in (row.a, row.b))


def test_a_node_that_went_on(tmp_path: Path) -> None:
    """s111: node 3 at entry 208, and at 340."""
    found = uploads(upload(tmp_path / "a", "s111", {"n3": "lag3"}), upload(tmp_path / "b", "s111", {"n3": "n3"}))
    assert (found.related, found.trend) == (True, "later")
    assert [row.trend for row in node_row(found, "n3").changes] == ["later"] * 3


def test_a_node_that_came_back(tmp_path: Path) -> None:
    """repaired: n3 was dead and 41 entries behind; then it had caught up, in a newer term, with 30 more writes."""
    before = {name: f"{name}-before" for name in ("n1", "n2", "n3")}
    one = upload(tmp_path / "a", "repaired", before)
    other = upload(tmp_path / "b", "repaired", {name: name for name in before})
    found, back = uploads(one, other), uploads(other, one)
    assert (found.trend, back.trend) == ("repaired", "worse")
    assert [row.rule for row in found.findings.gone if row.trend == "repaired"] == ["CLU011"]
    (kine,) = [row for cluster in found.clusters for row in cluster.changes if row.what == "kine in k8s"]
    assert [text.partition(",")[0] for text in (known(kine.a), known(kine.b))] == ["revision 98", "revision 128"]


def test_a_backup_put_back_is_worse(tmp_path: Path) -> None:
    """restored-backup: n3 had 115 entries, its backup 65. n1 and n3 are a majority that never saw what n2 wrote in
    term 2, so one of them has forgotten its vote: n3, says the recording.
    """
    found = uploads(*pair(tmp_path, "restored-backup", "n3-before", "n3"))
    assert found.trend == "worse"
    assert found.b.verdict.level == "degraded"
    (commit,) = found.commit_index
    assert (commit.a, commit.trend) == (115, "worse")
    assert commit.b <= 65  # what all three still have
    assert {row.what for row in node_row(found, "n3").changes} == {"term, vote", "the log is shorter"}


def test_a_replaced_node_is_one_with_another_id(tmp_path: Path) -> None:
    """replaced-node: the old directory of n3 was of a removed member; the new one has the same address."""
    found = uploads(*pair(tmp_path, "replaced-node", "n3-before", "n3"))
    assert found.trend == "repaired"
    assert "ID" in {row.what for row in node_row(found, "n3").changes}
    (gone,) = [row for row in found.findings.gone if row.rule == "CLU008"]
    assert gone.trend == "repaired"


def test_a_node_that_founded_a_cluster_of_its_own(tmp_path: Path) -> None:
    """two-bootstraps: n3 before and after it was wiped."""
    found = uploads(*pair(tmp_path, "two-bootstraps", "n3-before", "n3"))
    assert found.summary.startswith("B got worse: n3 belongs to another cluster now")
    assert node_row(found, "n3").same_cluster is False


def test_different_clusters_are_not_compared(tmp_path: Path) -> None:
    """s111 and p111 share addresses and the founder's ID, and no history."""
    nodes = {name: name for name in ("n1", "n2", "n3")}
    found = uploads(upload(tmp_path / "a", "s111", nodes), upload(tmp_path / "b", "p111", nodes))
    assert found.related is False
    assert found.summary.startswith("A and B are not one cluster")
    assert not any(row.changes for row in found.nodes)


def test_damage_and_its_repair(tmp_path: Path) -> None:
    """One byte of n2's newest closed segment."""
    whole, broken = pair(tmp_path, "healthy", "n3", "n3")
    segment = max((broken / "n2").glob("0*-0*"))
    data = bytearray(segment.read_bytes())
    data[-1] ^= 0xFF
    segment.write_bytes(bytes(data))
    worse, better = uploads(whole, broken), uploads(broken, whole)
    assert (worse.trend, better.trend) == ("worse", "repaired")
    changes = {row.what: (row.a, row.b, row.trend) for row in node_row(worse, "n2").changes}
    assert changes[segment.name] == ("whole", "damaged", "worse")
    assert changes["the next start"][2] == "worse"
    assert {row.trend for row in better.findings.gone if row.severity in ("high", "critical")} == {"repaired"}


def test_less_evidence_is_not_worse(tmp_path: Path) -> None:
    """The same directories, the later ones only listed: nothing is said to be gone."""
    before, after = pair(tmp_path, "old-leader", "n3", "n3")
    listing = tmp_path / "ls.txt"
    done = subprocess.run(["ls", "-laR", "--time-style=full-iso", "."], cwd=after, capture_output=True, check=True)
    listing.write_bytes(done.stdout)
    found = uploads(before, listing)
    assert found.trend == "changed"
    assert [row.what for row in node_row(found, "n1").changes] == ["evidence"]
    assert found.findings.gone
    assert all(row.trend == "unseen" and row.not_checked for row in found.findings.gone)


@pytest.mark.parametrize("kind", ["gz", "xz"])
def test_an_archive_and_its_content_are_the_same(tmp_path: Path, kind: str) -> None:
    """However it is packed."""
    folder, _ = pair(tmp_path, "old-leader", "n3", "n3")
    packed = tmp_path / f"upload.tar.{kind}"
    with tarfile.open(packed, f"w:{kind}") as archive:  # type: ignore[call-overload]
        archive.add(folder, "upload")
    found = uploads(folder, packed)
    assert (found.trend, found.findings.new, found.findings.gone) == ("same", (), ())


def test_two_nodes_of_different_clusters(tmp_path: Path) -> None:
    """Side by side, with what tells them apart."""
    one = upload(tmp_path / "a", "two-bootstraps", {"n1": "n1"})
    found = difference(one, upload(tmp_path / "b", "two-bootstraps", {"n2": "n2"}))
    assert (found.mode, found.nodes[0].same_cluster) == ("nodes", True)
    found = difference(one, upload(tmp_path / "c", "two-bootstraps", {"n3": "n3"}))
    assert found.nodes[0].same_cluster is False


def entry(name: str, node: str = "n1") -> Node:
    """A node's part of a fixture's report."""
    (cluster,) = report(name).clusters
    return next(one for one in cluster.nodes if one.name == node)


def test_microclusters_own_files() -> None:
    """The fixture changes one thing: the address in n1's daemon.yaml."""
    (change,) = compare_documents(entry("healthy/k8sd"), entry("microcluster/other-address"), later=True)
    assert (change.what, change.a, change.b) == (
        "daemon.yaml",
        "control-1 127.20.2.1:6400",
        "control-1 127.0.0.1:6400",
    )


def test_a_key_that_no_longer_fits() -> None:
    """certificate/other-key gives n2 the key of another certificate; n1 has its own."""
    changes = compare_documents(entry("certificate/other-key"), entry("certificate/other-key", "n2"), later=True)
    assert ("cluster.crt: its key", "fits", "does not fit", "worse") in [
        (change.what, change.a, change.b, change.trend) for change in changes
    ]


def host(name: str, **snaps: str) -> Host:
    """A machine with these snaps."""
    return Host(
        name=name,
        collector="sosreport",
        root="",
        collected=None,
        cleaned=False,
        nodes=(),
        snaps=snaps,
        disks=(),
        journals=(),
    )


def healthy_with(*hosts: Host) -> Document:
    """A report with these machines."""
    return replace(healthy(), hosts=hosts)


def test_versions_of_a_machine() -> None:
    """By the machine's name; what one side does not list is no change."""
    old = healthy_with(host("a", k8s="v1.32.1 (1)", lxd="5.21 (2)"), host("b"))
    (found,) = compare_hosts(old, healthy_with(host("a", k8s="v1.33.0 (9)")))
    assert [(change.what, change.a, change.b) for change in found.changes] == [
        ("snap k8s", "v1.32.1 (1)", "v1.33.0 (9)")
    ]
