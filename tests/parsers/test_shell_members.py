"""What the dqlite shell answers to `.cluster` is a cluster.yaml in another dress (go-dqlite internal/shell)."""

from __future__ import annotations

import pytest

from forensics.evidence import BytesBlob
from forensics.ingest.excerpt import pasted_yaml
from forensics.parsers.members import parse_cluster
from forensics.parsers.roles import Role

# The founder's id is 3297041220608546238 = 0x2dc171858c3155be (docs/reference/raft.md#bootstrap-and-ids).
WANTED = [
    (3297041220608546238, "10.0.0.51:19001", Role.VOTER),
    (0x5CF5BA9B791EB3C4, "10.0.0.52:19001", Role.STANDBY),
    (7, "node-3:19001", Role.SPARE),
]
ROWS = "2dc171858c3155be|10.0.0.51:19001|voter\n5cf5ba9b791eb3c4|10.0.0.52:19001|stand-by\n7|node-3:19001|spare\n"
JSON = """[
\t{
\t\t"ID": 3297041220608546238,
\t\t"Address": "10.0.0.51:19001",
\t\t"Role": 0
\t},
\t{
\t\t"ID": 6698465197698233284,
\t\t"Address": "10.0.0.52:19001",
\t\t"Role": 1
\t},
\t{
\t\t"ID": 7,
\t\t"Address": "node-3:19001",
\t\t"Role": 2
\t}
]
"""
ONE_LINE = "".join(line.strip() for line in JSON.splitlines()) + "\n"


@pytest.mark.parametrize("text", [ROWS, JSON, ONE_LINE])
def test_members(text: str) -> None:
    parsed = parse_cluster(BytesBlob("cluster.yaml", text.encode()))
    assert parsed.value is not None
    assert [(member.id, member.address, member.role) for member in parsed.value.members] == WANTED
    assert not parsed.anomalies


@pytest.mark.parametrize("text", [ROWS, JSON, ONE_LINE])
def test_found_in_a_session(text: str) -> None:
    session = f'root@n1:~# dqlite -s file:///v/cluster.yaml k8s ".cluster"\n{text}root@n1:~# \n'
    (found,) = pasted_yaml(BytesBlob("paste.txt", session.encode()))
    assert (found.name, found.host) == ("cluster.yaml", "n1")
    parsed = parse_cluster(found.blob)
    assert parsed.value is not None
    assert [(member.id, member.address, member.role) for member in parsed.value.members] == WANTED


def test_addresses_are_those_of_the_text() -> None:
    parsed = parse_cluster(BytesBlob("cluster.yaml", ROWS.encode()))
    assert parsed.value is not None
    assert [(member.at.offset, member.at.length) for member in parsed.value.members] == [(0, 38), (39, 41), (81, 20)]


@pytest.mark.parametrize(
    "text", [JSON[:60], "a|b\n", "[1, 2]\n", "[[[[", '[{"ID": true}]', "2dc1|x|king\n", "[" * 100000]
)
def test_other_texts_are_left_alone(text: str) -> None:
    assert [found for found in pasted_yaml(BytesBlob("paste.txt", text.encode())) if found.name == "cluster.yaml"] == []
    parsed = parse_cluster(BytesBlob("cluster.yaml", text.encode()))
    assert parsed.value is None or all(member.id is None for member in parsed.value.members)
