"""What was lost in the product's words: by hand, from what the recordings' scenarios did, and from made databases."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterable
from pathlib import Path

import pytest

from fixtures.make import k8sd, lxd
from forensics.facts.database.product_tables import LXD, MICROCLUSTER, Noun, Quiet, columns_of
from forensics.facts.database.row_change import Operation, RowChange
from forensics.facts.database.words import row_change_words
from forensics.facts.log.range_writes import RangeWrites, range_writes
from forensics.facts.log.words import writes_words
from forensics.pipeline import gather, ingest
from tests.fixtures import ROOT
from tests.sqlite_images import Images, pair


def wrote(base: str, first: int, last: int | None = None) -> RangeWrites:
    """What a stretch of n1's log wrote."""
    with ingest([str(ROOT / "bases" / f"{base}.tar.xz")]) as evidence:
        node = next(node for node in gather(evidence).nodes() if node.name == "n1")
        return range_writes(node, first, last)


def words(changes: Iterable[RowChange]) -> list[str]:
    return [row_change_words(change) for change in changes]


LXD_LOST = [
    "instance db1 deleted",
    "profile tills of project shop added",
    "member m4 added",
    "storage volume data of storage pool local added",
    "instance web1: node_id m2 → m3, profiles changed",
    "profile web: environment.PASS changed, limits.cpu 2 → 4",
    "network lxdbr0: ipv4.nat removed, was true",
    "storage pool local: size on m2 30GiB → 60GiB",
    "device eth0 of instance web1: parent lxdbr0 → br1",
    "setting core.trust_password: value changed",
    "setting images.auto_update_interval: value 6 → 12",
]
"""By fixtures/make/scenarios/lxd_database.py: everything that it did behind the death of n3, and nothing else."""


def test_lxd_in_its_own_words() -> None:
    """n3 ended at entry 57 (libraft's own count in the manifest): what came behind is lost with n1 and n2."""
    found = wrote("lxd-database", 58)
    assert words(found.rows) == LXD_LOST
    assert found.rows_total == len(LXD_LOST)
    assert found.untold == ("db.bin.operations",)


def test_rows_are_those_that_the_live_cluster_told() -> None:
    """`before` and `end` of the recording, row by row, as dqlite answered: so many rows differ in each table."""
    lines = lzma.decompress((ROOT / "bases" / "lxd-database.rows.jsonl.xz").read_bytes()).decode().splitlines()
    told = {(table["moment"], table["table"]): table["rows"] for table in map(json.loads, lines)}
    tables = {name for _, name in told} - {"sqlite_sequence", "model"}
    differ = set()
    for name in tables:
        before, end = ({json.dumps(row) for row in told[moment, name]} for moment in ("before", "end"))
        differ |= {f"db.bin.{name}"} if before != end else set()
    assert set(wrote("lxd-database", 58).tables) == differ


def test_settings_that_were_only_written_anew_are_no_change() -> None:
    """limits.memory has another row id and the same value; web1's device keeps its nictype."""
    found = wrote("lxd-database", 58)
    fields = {field.name for change in found.rows for field in change.fields}
    assert not fields & {"limits.memory", "nictype", "type", "id"}


def test_k8sd_without_its_secrets() -> None:
    """By fixtures/make/scenarios/k8sd_upgrade.py; entry 45 is the last of the tables' filling."""
    found = wrote("k8sd-upgrade", 46)
    assert words(found.rows) == [
        "member control-4 added",
        "join token control-5 added",
        "member control-1: schema_external 7 → 8, api_extensions changed",
    ]
    assert found.untold == ()
    assert "heartbeat" not in repr(found)
    whole = wrote("k8sd-upgrade", 2)
    assert "cluster configuration token::capi added" in words(whole.rows)
    assert "auth token kubernetes-admin added" in words(whole.rows)
    assert "worker token worker-1 added" in words(whole.rows)


@pytest.mark.parametrize(("base", "first"), [("lxd-database", 2), ("lxd-database", 58), ("k8sd-upgrade", 2)])
def test_no_secret_is_in_the_data_or_in_the_words(base: str, first: int) -> None:
    found = wrote(base, first)
    for text in (repr(found), writes_words(found, 1000)):
        assert "fixture-not-a-real" not in text
        assert "CERTIFICATE" not in text


def test_the_sentence_of_a_loss() -> None:
    found = writes_words(wrote("lxd-database", 58), 2)
    assert found == "instance db1 deleted; profile tills of project shop added; 9 more changes; table db.bin.operations"


def test_tables_without_words_are_told_as_rows() -> None:
    """Of the recording `databases`, app-1.db: 200 rows in one transaction, half of them deleted behind it."""
    found = wrote("databases", 2)
    blobs = next(change for change in found.rows if change.table == "blobs")
    assert (blobs.thing.noun, blobs.operation, blobs.rows) == (Noun.ROW, Operation.ADDED, 107)  # by the manifest
    assert "107 rows of table app-1.db.blobs added" in words(found.rows)


def lxd_pair(folder: Path, common: tuple[str, ...], before: tuple[str, ...], after: tuple[str, ...]) -> Images:
    project = "INSERT INTO projects VALUES (1, 'default', ''), (2, 'shop', '')"
    return pair(folder, (*lxd.TABLES, project, *common), before, after)


PROFILE = "INSERT INTO profiles VALUES (1, 'web', '', 1)"


def test_replaced_by_one_of_the_same_name(tmp_path: Path) -> None:
    """Deleted and created anew: only its new number differs, and its settings."""
    common = (PROFILE, "INSERT INTO profiles_config VALUES (1, 1, 'limits.cpu', '2')")
    after = (
        "DELETE FROM profiles",
        "DELETE FROM profiles_config",
        "INSERT INTO profiles VALUES (7, 'web', '', 1)",
        "INSERT INTO profiles_config VALUES (9, 7, 'limits.cpu', '3')",
    )
    found = lxd_pair(tmp_path, common, (), after).changes()
    assert words(found.changes) == ["profile web: limits.cpu 2 → 3"]
    assert (found.changes[0].rows, found.rows) == (4, 4)


def test_renamed_and_moved(tmp_path: Path) -> None:
    after = ("UPDATE profiles SET name = 'front', project_id = 2",)
    found = lxd_pair(tmp_path, (PROFILE,), (), after).changes()
    assert words(found.changes) == ["profile web: name web → front, project_id default → shop"]


def test_what_goes_with_its_owner_is_not_told_again(tmp_path: Path) -> None:
    """The profile's settings go with it; what lies in a project does not go silently."""
    common = (
        "INSERT INTO projects VALUES (3, 'gone', '')",
        "INSERT INTO profiles VALUES (1, 'web', '', 3)",
        "INSERT INTO profiles_config VALUES (1, 1, 'limits.cpu', '2'), (2, 1, 'user.x', 'y')",
    )
    after = ("DELETE FROM projects WHERE id = 3", "DELETE FROM profiles", "DELETE FROM profiles_config")
    found = lxd_pair(tmp_path, common, (), after).changes()
    assert words(found.changes) == ["profile web of project gone deleted", "project gone deleted"]
    assert [change.rows for change in found.changes] == [3, 1]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("limits.cpu", "4", True),
        ("security.nesting", "true", True),
        ("boot.autostart", "x" * 65, False),  # too long for a value that configures
        ("limits.cpu", "line\nline", False),
        ("limits.kernel.token", "1", False),  # the key's name says it
        ("limits.cpu", "token=abcdefgh", False),
        ("limits.cpu", "eyJhbGciOiJIUzI1NiJ9.e30.x", False),
        ("security.sev.session.data", "short", False),
        ("user.comment", "harmless", False),  # somebody's own: not known as harmless
        ("environment.HTTP_PROXY", "http://u:p@proxy", False),
        ("cloud-init.user-data", "#cloud-config", False),
        ("raw.lxc", "lxc.hook=y", False),
        ("core.trust_password", "hunter2", False),
    ],
)
def test_values_leave_only_where_they_are_known_as_harmless(key: str, value: str, told: bool, tmp_path: Path) -> None:
    written = value.replace("'", "''")
    after = (f"INSERT INTO profiles_config VALUES (1, 1, '{key}', '{written}')",)  # noqa: S608 - the test's own words
    (change,) = lxd_pair(tmp_path, (PROFILE,), (), after).changes().changes
    (field,) = change.fields
    assert (field.name, field.told, field.after) == (key, told, value if told else None)
    assert told or value not in row_change_words(change)


def test_rows_whose_owner_is_not_there_are_told_as_rows(tmp_path: Path) -> None:
    after = ("INSERT INTO profiles_config VALUES (5, 99, 'limits.cpu', '2')",)
    assert words(lxd_pair(tmp_path, (), (), after).changes().changes) == ["row 5 of table db.bin.profiles_config added"]


def test_a_table_with_other_columns_has_no_words(tmp_path: Path) -> None:
    """SQLite would take a quoted name that is no column for a text."""
    common = (*(table for table in lxd.TABLES if "TABLE profiles (" not in table),)
    made = "CREATE TABLE profiles (id INTEGER PRIMARY KEY, title TEXT)"
    after = ("INSERT INTO profiles VALUES (1, 'web')",)
    assert words(pair(tmp_path, (*common, made), (), after).changes().changes) == [
        "row 1 of table db.bin.profiles added"
    ]


def test_rows_without_words_tell_no_value(tmp_path: Path) -> None:
    common = ("CREATE TABLE vault (name TEXT PRIMARY KEY, word TEXT)", "INSERT INTO vault VALUES ('swordfish', 'a')")
    found = pair(tmp_path, common, (), ("UPDATE vault SET word = 'b'",)).changes()
    assert words(found.changes) == ["1 row of table db.bin.vault changed (word)"]
    assert "swordfish" not in repr(found)


def test_heartbeats_are_no_change(tmp_path: Path) -> None:
    common = ("INSERT INTO nodes VALUES (1, 'm1', '', '10.0.0.1:8443', 73, 390, 'old', 0, 2)",)
    found = lxd_pair(tmp_path, common, (), ("UPDATE nodes SET heartbeat = 'new'",)).changes()
    assert (found.changes, found.rows, found.tables, found.untold) == ((), 1, ("nodes",), ("nodes",))


def test_more_things_than_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.facts.database.row_changes.ROW_CHANGES_MAX", 2)
    after = ("INSERT INTO profiles VALUES (1, 'a', '', 1), (2, 'b', '', 1), (3, 'c', '', 1)",)
    found = lxd_pair(tmp_path, (), (), after).changes()
    assert words(found.changes) == ["profile a added", "profile b added"]
    assert found.total == 3


def test_words_fit_the_tables_that_the_products_make(tmp_path: Path) -> None:
    """Of those that fixtures/make has: each table has words, and the columns that these need."""
    for words_of, tables in ((LXD, lxd.TABLES), (MICROCLUSTER, k8sd.TABLES[:8])):
        made = pair(tmp_path, tables, (), ("CREATE TABLE more (a)",))
        with made.opened() as database:
            for table in database.tables() - {"schema", "schemas", "more", "worker_nodes"}:
                there = {row[1] for row in database.rows("SELECT * FROM pragma_table_info(?)", (table,))}
                assert isinstance(words_of[table], Quiet) or columns_of(words_of[table]) <= there, table
