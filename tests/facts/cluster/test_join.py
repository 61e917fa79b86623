"""Which directories are one cluster, and which are one node twice."""

from __future__ import annotations

import pytest

from forensics.facts.cluster import join
from forensics.facts.cluster.join import CopyKind
from forensics.facts.cluster.membership import Membership, node_membership
from forensics.facts.node.node import Node
from tests.made_clusters import (
    CHANGE,
    COMMAND,
    ONE,
    TWO,
    clusters_of,
    command,
    configuration,
    directory,
    history,
    info,
    nodes_of,
    only_cluster,
)

COMMANDS = [(1, f"row {number}") for number in range(30)]


def test_real_directories_of_one_cluster() -> None:
    """Trimmed logs have no bootstrap entry in common, but members."""
    assert [node.name for node in only_cluster("trimmed").nodes] == ["n1", "n2", "n3"]


def test_an_older_state_of_the_same_node() -> None:
    """`lag3` of s111 is node 3 as it was when it was killed (README of the data)."""
    (copy,) = only_cluster("s111").copies
    assert (copy.node, copy.of, copy.kind) == ("lag3", "n3", CopyKind.OLDER)


def test_two_bootstraps_are_two_clusters() -> None:
    """The same product, the same founder's ID, the same schema: only the bootstrap entry differs."""
    schema = [(1, COMMAND, command(f"schema {number}")) for number in range(10)]
    files: dict[str, bytes] = {}
    for number in (1, 2):
        entries = [(1, CHANGE, configuration((1, f"10.0.0.{number}:9000", 1))), *schema]
        files |= directory(f"n{number}", (1, f"10.0.0.{number}:9000"), entries, 1)
    clusters = clusters_of(files)
    assert [[node.name for node in cluster.nodes] for cluster in clusters] == [["n1"], ["n2"]]
    assert clusters[0].name == "unknown of 10.0.0.1:9000"


def test_standalone_servers_with_equal_bootstraps_are_not_one_cluster() -> None:
    """Every LXD starts with ID 1 at address "1" and the same schema; then each writes its own rows."""
    start = [(1, CHANGE, configuration((1, "1", 1))), *[(1, COMMAND, command(f"schema {n}")) for n in range(10)]]
    files: dict[str, bytes] = {}
    for name in ("n1", "n2"):
        entries = [*start, *[(1, COMMAND, command(f"{name} row {n}")) for n in range(10)]]
        files |= {path: data for path, data in directory(name, (1, "1"), entries, 1).items() if "info" not in path}
    assert len(clusters_of(files)) == 2


def test_a_sole_voter_that_went_on_twice_is_one_cluster() -> None:
    """A copied directory started on two hosts: a long common past, then two futures."""
    start = [
        (1, CHANGE, configuration((1, "10.0.0.1:9000", 1))),
        *[(1, COMMAND, command(f"row {n}")) for n in range(40)],
    ]
    files: dict[str, bytes] = {}
    for name in ("n1", "n2"):
        files |= directory(name, (1, "10.0.0.1:9000"), [*start, (1, COMMAND, command(name))], 1)
    (cluster,) = clusters_of(files)
    (copy,) = cluster.copies
    assert copy.kind is CopyKind.FORKED


def test_yaml_alone_joins_by_members() -> None:
    """info.yaml of one in the cluster.yaml of the other."""
    files = directory("n1", ONE, history(*COMMANDS), 1)
    files["n2/info.yaml"] = info(*TWO)
    files["n2/cluster.yaml"] = b"- ID: %d\n  Address: %s\n  Role: 0\n" % (ONE[0], ONE[1].encode())
    (cluster,) = clusters_of(files)
    assert [node.name for node in cluster.nodes] == ["n1", "n2"]


def test_product_by_content_where_the_path_tells_nothing() -> None:
    """Database `k8s` on port 9000 is k8s-dqlite; on another port it may be anybody's."""
    assert only_cluster("healthy").product.database == "k8s-dqlite"
    assert only_cluster("s111").product.database == "unknown"


FOUNDER = 0x2DC171858C3155BE


def listed(*members: tuple[int, str]) -> bytes:
    """A cluster.yaml."""
    return b"".join(b"- ID: %d\n  Address: %s\n  Role: 0\n" % (key, address.encode()) for key, address in members)


def customer(number: int) -> list[tuple[int, str]]:
    """Three members; every customer's founder has the same ID."""
    return [
        (FOUNDER if place == 1 else (100 * number + place) << 32, f"10.{number}.0.{place}:9000") for place in (1, 2, 3)
    ]


def test_two_customers_of_whom_only_yaml_arrived() -> None:
    """No log, no entry 1: but none of the one's members is known to the other."""
    files: dict[str, bytes] = {}
    for number in (1, 2):
        for place, member in enumerate(customer(number)):
            files[f"c{number}-{place}/info.yaml"] = info(*member)
            files[f"c{number}-{place}/cluster.yaml"] = listed(*customer(number))
    clusters = clusters_of(files)
    assert [[node.name for node in cluster.nodes] for cluster in clusters] == [
        ["c1-0", "c1-1", "c1-2"],
        ["c2-0", "c2-1", "c2-2"],
    ]
    assert all(not cluster.copies for cluster in clusters)


def test_a_member_that_just_joined_is_not_another_cluster() -> None:
    """Its cluster.yaml has addresses without IDs, the others' do not have it yet."""
    members = customer(1)
    files = {f"n{place}/info.yaml": info(*member) for place, member in enumerate(members)}
    files |= {f"n{place}/cluster.yaml": listed(*members) for place in range(3)}
    files["n4/info.yaml"] = info(999 << 32, "10.1.0.4:9000")
    files["n4/cluster.yaml"] = listed((0, members[0][1]))
    assert len(clusters_of(files)) == 1


def test_each_directory_is_read_once_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not once for each pair, of which 40 have 780."""
    asked: list[str] = []

    def counting(node: Node) -> list[Membership]:
        asked.append(node.name)
        return node_membership(node)

    monkeypatch.setattr(join, "node_membership", counting)
    files: dict[str, bytes] = {}
    for number in range(40):
        member = (number + 7 << 32, f"10.0.0.{number}:9000")
        files |= directory(f"n{number}", member, [(1, CHANGE, configuration((*member, 1)))], 1)
    groups, links = join.join(nodes_of(files))
    assert len(groups) == 40
    assert len(links) == 780
    assert sorted(asked) == sorted(set(asked))
