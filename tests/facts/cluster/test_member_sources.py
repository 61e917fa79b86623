"""One row a member, one column a source; and LXD, whose directories do not say whose they are."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from forensics.facts.cluster.member_sources import MemberMatrix, member_matrix
from tests.fixtures import report
from tests.made_clusters import CHANGE, COMMAND, clusters_of, command, configuration, only_cluster, segment


def kinds(matrix: MemberMatrix) -> list[str]:
    """Of the columns."""
    return [source.kind for source in matrix.sources]


def test_sources_of_a_healthy_cluster() -> None:
    """The newest configuration, every info.yaml in one column, one column for all equal cluster.yaml files."""
    matrix = member_matrix(only_cluster("healthy"))
    assert kinds(matrix) == ["configuration", "info.yaml", "cluster.yaml"]
    assert [row.node for row in matrix.rows] == ["n1", "n2", "n3"]
    assert all(cell is not None for row in matrix.rows for cell in row.cells)


def test_who_is_missing_in_a_source() -> None:
    """README of the data: node 1's cluster.yaml lists only itself."""
    matrix = member_matrix(only_cluster("s118"))
    column = next(
        i for i, source in enumerate(matrix.sources) if (source.kind, source.nodes) == ("cluster.yaml", ("n1",))
    )
    assert [row.cells[column] is not None for row in matrix.rows] == [True, False, False]


def test_the_database_of_k8sd_has_a_column() -> None:
    """core_cluster_members, by address and name."""
    matrix = member_matrix(only_cluster("k8sd"))
    column = kinds(matrix).index("core_cluster_members")
    cells = [row.cells[column] for row in matrix.rows]
    assert [cell.role if cell else None for cell in cells] == ["voter", "voter", "voter"]


def test_a_removed_member_stands_in_the_sources_that_still_have_it() -> None:
    """removed-node: n3 is in its own configuration and cluster.yaml, not in the newest."""
    matrix = member_matrix(only_cluster("removed-node"))
    row = next(row for row in matrix.rows if row.node == "n3")
    assert row.cells[0] is None
    assert sum(cell is not None for cell in row.cells) >= 2


LXD = "{}/var/snap/lxd/common/lxd/database"


def lxd(
    host: str, entries: list[tuple[int, int, bytes]], local: bytes | None, *, founder: bool, batch: int = 1
) -> dict[str, bytes]:
    """An LXD member's directory."""
    where = LXD.format(host)
    parts = {(1, 1): entries[:1], (2, len(entries)): entries[1:]} if founder else {(1, len(entries)): entries}
    files = {f"{where}/global/{a:016d}-{b:016d}": segment(rows, batch) for (a, b), rows in parts.items()}
    files[f"{where}/global/metadata1"] = b"".join(n.to_bytes(8, "little") for n in (1, 1, 1, 0))
    if local is not None:
        files[f"{where}/local.db"] = local
    return files


def local_database(path: Path, address: str) -> bytes:
    """As LXD makes it, reduced to what matters here."""
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE config (id INTEGER PRIMARY KEY, key TEXT, value TEXT)")
        database.execute("CREATE TABLE raft_nodes (id INTEGER, address TEXT, role INTEGER, name TEXT)")
        database.execute("INSERT INTO config(key, value) VALUES ('cluster.https_address', ?)", (address,))
        for number in (1, 2, 3):
            row = (number, f"10.0.0.{number}:8443", 0, f"m{number}")
            database.execute("INSERT INTO raft_nodes VALUES (?, ?, ?, ?)", row)
    database.close()
    return path.read_bytes()


def lxd_log() -> list[tuple[int, int, bytes]]:
    """Three voters, then commands: last index 13."""
    servers = [(number, f"10.0.0.{number}:8443", 1) for number in (1, 2, 3)]
    entries = [(1, CHANGE, configuration(*servers[:count])) for count in (1, 2, 3)]
    return entries + [(1, COMMAND, command(f"row {number}")) for number in range(10)]


def test_lxd_members_are_known_by_local_database(tmp_path: Path) -> None:
    """raft_nodes and the node's own address stand for info.yaml."""
    files: dict[str, bytes] = {}
    for number in (1, 2, 3):
        local = local_database(tmp_path / f"{number}.db", f"10.0.0.{number}:8443")
        files |= lxd(f"h{number}", lxd_log(), local, founder=number == 1)
    (cluster,) = clusters_of(files)
    assert [(node.name, node.id) for node in cluster.nodes] == [("h1", 1), ("h2", 2), ("h3", 3)]
    assert "raft_nodes" in kinds(member_matrix(cluster))


def test_lxd_without_local_database_claims_nobody_absent() -> None:
    """Three directories, three voters: nobody is missing, though only the founder can be named; all count."""
    files: dict[str, bytes] = {}
    for number in (1, 2, 3):
        files |= lxd(f"h{number}", lxd_log(), None, founder=number == 1, batch=number)
    (cluster,) = clusters_of(files)
    assert cluster.absent() == ()
    assert [node.id for node in cluster.nodes] == [1, None, None]
    assert cluster.commit is not None
    assert (cluster.commit.at_least, cluster.commit.at_most) == (13, 13)


def test_one_lxd_member_twice_is_not_two_voters() -> None:
    """Byte for byte the same as far as the older goes: three directories, but maybe of two of the three voters."""
    files = lxd("h1", lxd_log(), None, founder=True)
    files |= lxd("h2", lxd_log()[:10], None, founder=False, batch=2)
    files |= lxd("h2-later", lxd_log(), None, founder=False, batch=2)
    (cluster,) = clusters_of(files)
    assert cluster.commit is not None
    assert (cluster.commit.at_least, cluster.commit.at_most) == (2, None)


def test_a_history_of_its_own_has_an_address_book_of_its_own() -> None:
    """Each of n1 and n2 forced itself alone (entry 86), and its cluster.yaml lists itself alone: only n3's is old."""
    findings = report("cluster/split-brain").findings
    assert [finding.nodes for finding in findings if finding.rule == "CLU010"] == [("n3",)]
