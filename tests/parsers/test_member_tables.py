"""Tables of members in pasted texts: real ones first, then what is none."""

from __future__ import annotations

import json
import random
import subprocess

import pytest

from forensics.evidence import BytesBlob
from forensics.parsers.member_tables import MemberTable, Table, read_member_tables
from forensics.parsers.roles import Role
from tests.tools import tool

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


_SQL = """
CREATE TABLE raft_nodes (id, address, role);
INSERT INTO raft_nodes VALUES (1, '10.0.0.1:8443', 0), (2, '10.0.0.2:8443', 1);
"""


@pytest.mark.parametrize("mode", ["box", "table", "column", "list", "markdown"])
def test_what_sqlite3_prints(mode: str) -> None:
    """In each of its forms, by the real program."""
    command = [tool("sqlite3"), ":memory:", f".mode {mode}", ".headers on", _SQL, "SELECT * FROM raft_nodes"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for before, behind in (("", ""), ("sqlite> SELECT * FROM raft_nodes;\n", "sqlite>\n")):
        (table,) = read(f"{before}{printed}{behind}")
        assert table.kind is Table.RAFT
        assert [(row.id, row.address, row.role) for row in table.rows] == [
            ("1", "10.0.0.1:8443", Role.VOTER),
            ("2", "10.0.0.2:8443", Role.STANDBY),
        ]


def test_what_a_line_is_cut_of_is_unknown() -> None:
    """A role that the paste cut off is not 0, and an address that it cut is none."""
    lines = RAFT.splitlines()
    for width in range(8, len(lines[1])):
        for table in read("\n".join(line[:width] for line in lines)):
            assert {row.address for row in table.rows} <= {
                "",
                "[2602:fc62:d:100::169]:8443",
                "[2602:fc62:d:100::170]:8443",
            }
            roles = [row.role for row in table.rows]
            assert roles in ([Role.VOTER, Role.STANDBY], [None, None]), (width, roles)


def test_lists_of_servers_inside_lines() -> None:
    """canonical/go-dqlite app/app.go and hashicorp/raft print them; the last one of a text is how it ended."""
    one = "Nov 20 10:00:01 n1 lxd[1]: dqlite: servers: [{1 10.0.0.1:9000 voter} {2 10.0.0.2:9000 stand-by}]\n"
    two = "raft: Initial configuration (index=1): [{Suffrage:Voter ID:1 Address:10.0.0.1:8443}]\n"
    for text, members in (
        (one, [("1", "10.0.0.1:9000", Role.VOTER), ("2", "10.0.0.2:9000", Role.STANDBY)]),
        (two, [("1", "10.0.0.1:8443", Role.VOTER)]),
        (two + one, [("1", "10.0.0.1:9000", Role.VOTER), ("2", "10.0.0.2:9000", Role.STANDBY)]),
    ):
        last = read(text)[-1]
        assert last.kind is Table.SERVERS
        assert [(row.id, row.address, row.role) for row in last.rows] == members
    assert read(one[: one.index(" stand-by")])[-1].rows[-1].id == "1"  # the second one is cut: unknown


def test_microk8s_status() -> None:
    """canonical/microk8s scripts/wrappers/status.py prints the addresses by role."""
    status = "  datastore master nodes: 10.0.0.1:19001 10.0.0.2:19001\n  datastore standby nodes: {}\n"
    voters = [("10.0.0.1:19001", Role.VOTER), ("10.0.0.2:19001", Role.VOTER)]
    for standby, rows in (("none", voters), ("10.0.0.3:19001", [*voters, ("10.0.0.3:19001", Role.STANDBY)])):
        (table,) = read("high-availability: no\n" + status.format(standby))
        assert (table.kind, [(row.address, row.role) for row in table.rows]) == (Table.SERVERS, rows)


_JSON = (
    'x [{"server_name": "n1", "url": "https://10.0.0.1:8443", "status": "Online", "roles": ["database-leader"]},'
    ' {"server_name": "n2", "url": "https://10.0.0.2:8443", "status": "Offline", "roles": ["ovn-chassis", "database"]}]'
)


def test_members_in_json() -> None:
    """canonical/lxd shared/api/cluster.go; and keys in any spelling, with the role as a number or a word."""
    (table,) = read(_JSON)
    assert table.kind is Table.LIST
    assert [(row.name, row.address, row.role, row.state, row.leads) for row in table.rows] == [
        ("n1", "10.0.0.1:8443", Role.VOTER, "Online", True),
        ("n2", "10.0.0.2:8443", Role.VOTER, "Offline", False),
    ]
    assert (table.at.offset, table.at.length) == (2, len(_JSON) - 2)
    for keys in (("id", "address", "role"), ("nodeID", "NodeAddress", "node_role"), ("ServerId", "Addr", "ROLE")):
        for one, two in ((0, 1), ("voter", "stand-by")):
            members = [
                dict(zip(keys, (1, "n1:9000", one), strict=True)),
                dict(zip(keys, (2, "n2:9000", two), strict=True)),
            ]
            (table,) = read(json.dumps(members))
            assert [(row.id, row.address, row.role) for row in table.rows] == [
                ("1", "n1:9000", Role.VOTER),
                ("2", "n2:9000", Role.STANDBY),
            ]


def test_cut_and_foreign_json_is_no_list_of_members() -> None:
    assert not any(read(_JSON[:end]) for end in range(len(_JSON)))
    others: list[list[object]] = [
        [{"id": 1, "address": "aa:bb:cc"}],
        [{"address": "10.0.0.1:1"}],
        [{"id": 1}, 2],
        [{}],
        [],
    ]
    for other in others:
        assert read(json.dumps(other)) == []
    assert read("[{" * 100_000) == []


def test_roles_in_lines_of_their_own() -> None:
    """canonical/lxd lxc/cluster.go prints one role a line; a row whose roles are cut has none that is known."""
    table = (
        "| NAME |          URL          |    ROLES    |  STATE  |\n"
        "| n1   | https://10.0.0.1:8443 | ovn-chassis | ONLINE  |\n"
        "|      |                       | database    |         |\n"
        "| n2   | https://10.0.0.2:8443 |             | OFFLINE |\n"
        "| n3   | https://10.0.0.3:8443 | data"
    )
    assert [(row.name, row.role) for row in read(table)[0].rows] == [
        ("n1", Role.VOTER),
        ("n2", Role.SPARE),
        ("n3", None),
    ]


def test_many_titles_take_no_time() -> None:
    """A hundred thousand lines that could be titles: each was read to the end of the text."""
    assert read("| address |\n" * 3 + "the address of it\n" * 100_000) == []


@pytest.mark.parametrize(
    ("line", "members"),
    [
        (  # Go's %+v; canonical/lxd issue 5423 has it without roles
            "current cluster: [{ID:1 Address:10.0.0.1:17666 Role:voter} {ID:7 Address:10.0.0.2:17666 Role:spare}]",
            [("1", "10.0.0.1:17666", Role.VOTER), ("7", "10.0.0.2:17666", Role.SPARE)],
        ),
        ("local raft nodes to [{ID:1 Address:192.168.1.1:8443}]", [("1", "192.168.1.1:8443", None)]),
        (  # Go's %#v: 0x10 is 16
            '[]dqlite.NodeInfo{dqlite.NodeInfo{ID:0x10, Address:"10.0.0.1:9001", Role:0}}',
            [("16", "10.0.0.1:9001", Role.VOTER)],
        ),
    ],
)
def test_members_as_go_prints_them(line: str, members: list[tuple[str, str, Role | None]]) -> None:
    (table,) = read_member_tables(BytesBlob("log", line.encode()))
    assert table.kind is Table.SERVERS
    assert [(row.id, row.address, row.role) for row in table.rows] == members


def test_single_joins_and_removals_make_a_list() -> None:
    """2 joins, changes its role, and joins again elsewhere; 1 joins and is removed; a line without an ID tells none."""
    lines = [
        'msg="Joining dqlite raft cluster" address="10.0.0.1:8443" id=1 local="10.0.0.1:8443" role=voter',
        'msg="Joining dqlite raft cluster" address="10.0.0.2:8443" id=2 local="10.0.0.2:8443" role=spare',
        "INFO[09-28|23:46:03] Changing dqlite raft role                id=2 address=10.0.0.2:8443 role=voter",
        "INFO[09-28|23:46:03] Remove node from dqlite raft cluster     id=1 address=10.0.0.1:8443",
        'msg="Joining dqlite raft cluster" address="10.0.0.3:8443" id=2 role=voter',
        'msg="Joining dqlite raft cluster" address="10.0.0.4:8443"',
    ]
    (table,) = read_member_tables(BytesBlob("log", "\n".join(lines).encode()))
    assert table.kind is Table.CHANGES
    assert [(row.id, row.address, row.role) for row in table.rows] == [
        ("2", "10.0.0.2:8443", Role.VOTER),
        ("2", "10.0.0.3:8443", Role.VOTER),
    ]
