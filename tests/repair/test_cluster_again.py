"""A cluster after `repair --alone`: real nodes join the repaired one empty, writes go on, and each has every row."""

from __future__ import annotations

from pathlib import Path

from fixtures.make.client import Client
from fixtures.make.cluster import Cluster, Node
from forensics.cli import main
from tests.repair.real import Rows, recorded_rows, tables_of
from tests.repair.test_from_others import NODES, dqlite, uploaded

_SUBNET = 1  # of the recording `healthy`: nodes keep their addresses
_WRITES = 20
_INSERT = (
    "INSERT INTO kine (name, created, deleted, create_revision, prev_revision, lease, value, old_value) "
    "VALUES (?, 1, 0, 0, 0, 0, ?, ?)"
)


@dqlite
def test_two_others_join_empty(tmp_path: Path) -> None:
    """Each of the three lost another batch. n1 goes on alone; n2 and n3 have nothing but their addresses."""
    uploaded(tmp_path / "upload", {"n1": 10, "n2": 50, "n3": 90})
    out = tmp_path / "out"
    assert main(["repair", str(tmp_path / "upload"), "--node", "n1", "--alone", "-o", str(out)]) == 0
    rows = recorded_rows("healthy")
    with Cluster(_SUBNET, len(NODES)) as cluster:
        cluster["n1"].adopt(out)
        cluster["n1"].start()
        assert _rows(cluster["n1"], rows) == rows
        _write(cluster, "before the others are back")
        for name in ("n2", "n3"):
            cluster[name].start(cluster["n1"])
        cluster.wait_roles(voter=len(NODES))
        _write(cluster, "when they are")
        expected = _rows(cluster.wait_leader(), rows)
        assert len(expected["k8s.kine"]) == len(rows["k8s.kine"]) + 2 * _WRITES
        assert all(row in expected["k8s.kine"] for row in rows["k8s.kine"])
        for name in NODES:
            _lead(cluster, name)
            assert _rows(cluster[name], rows) == expected
            _write(cluster, f"with {name} as leader")
            expected = _rows(cluster[name], rows)


def _write(cluster: Cluster, name: str) -> None:
    with cluster.connect("k8s") as client:
        for number in range(_WRITES):
            client.execute(_INSERT, f"/again/{name}/{number}", b"new", b"")


def _lead(cluster: Cluster, name: str) -> None:
    """Hands the leadership to a node: only a leader answers queries."""
    member = cluster.member(name)
    if cluster.wait_leader() is not cluster[name]:
        with cluster.connect() as client:
            client.transfer(member.id)
    assert cluster.wait_leader() is cluster[name]


def _rows(node: Node, like: Rows) -> Rows:
    return tables_of(lambda: Client(node.address, timeout=30), like)
