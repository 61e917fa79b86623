"""Tables of members in pasted texts: real ones first, then what is none."""

from __future__ import annotations

import random

import pytest

from forensics.evidence import BytesBlob
from forensics.parsers.member_tables import MemberTable, Table, read_member_tables
from forensics.parsers.roles import Role

# canonical/lxd issues 6313 (two columns left out) and 11443
NODES = """\
+----+---------------+--------------------+--------+--------------------------------+---------+
| id |     name      |      address       | schema |           heartbeat            | pending |
+----+---------------+--------------------+--------+--------------------------------+---------+
| 1  | cluster-node1 | 10.233.30.54:8443  | 18     | 2019-10-14T21:24:31.061676485Z | 0       |
| 2  | cluster-node2 | 10.233.30.169:8443 | 18     | 0001-01-01T00:00:00Z           | 1       |
+----+---------------+--------------------+--------+--------------------------------+---------+
"""
RAFT = """\
+----+-----------------------------+------+---------+
| ID |           ADDRESS           | ROLE |  NAME   |
+----+-----------------------------+------+---------+
| 1  | [2602:fc62:d:100::169]:8443 | 0    | micro01 |
| 2  | [2602:fc62:d:100::170]:8443 | 1    | micro02 |
+----+-----------------------------+------+---------+
"""
LIST = """\
+------+-----------------------+----------+---------+--------------+
| NAME |          URL          | DATABASE |  STATE  |   MESSAGE    |
+------+-----------------------+----------+---------+--------------+
| n1   | https://10.0.0.1:8443 | YES      | OFFLINE | No heartbeat |
+------+-----------------------+----------+---------+--------------+
"""


def read(text: str) -> list[MemberTable]:
    return read_member_tables(BytesBlob("paste.txt", text.encode()))


def test_nodes() -> None:
    (table,) = read("root@n1:~# lxd sql global nodes\n" + NODES + "root@n1:~#\n")
    assert table.kind is Table.NODES
    assert [(row.name, row.address, row.pending) for row in table.rows] == [
        ("cluster-node1", "10.233.30.54:8443", False),
        ("cluster-node2", "10.233.30.169:8443", True),
    ]
    assert table.rows[0].heartbeat == pytest.approx(1571088271.061676)  # date -d 2019-10-14T21:24:31Z +%s
    assert table.rows[1].heartbeat is None


def test_raft_nodes_and_lists() -> None:
    raft, members = read(RAFT + LIST)
    assert (raft.kind, members.kind) == (Table.RAFT, Table.LIST)
    assert [(row.address, row.role) for row in raft.rows] == [
        ("[2602:fc62:d:100::169]:8443", Role.VOTER),
        ("[2602:fc62:d:100::170]:8443", Role.STANDBY),
    ]
    assert [(row.address, row.state) for row in members.rows] == [("10.0.0.1:8443", "OFFLINE")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+--+-+\n| a |\n",
        "+---+-----+\n| id | key |\n+---+-----+\n| 1 | core.trust_password |\n",
        NODES.splitlines()[1] + "\n-+-\n",
    ],
)
def test_what_is_no_table_of_members(text: str) -> None:
    assert read(text) == []


def test_damage_never_raises() -> None:
    """Every cut, and many changed letters, of all three."""
    text = NODES + RAFT + LIST
    chance = random.Random(1)  # noqa: S311 - no secret
    for end in range(0, len(text), 7):
        read(text[:end])
    for _ in range(300):
        at = chance.randrange(len(text))
        read(text[:at] + chance.choice("|+-\n 0\x00é") + text[at + 1 :])
