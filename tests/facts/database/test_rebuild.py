"""The time machine against real SQLite: at every index, what SQLite had answered there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from forensics.facts.database.loss import Loss, LossKind
from forensics.facts.database.open import Database
from forensics.facts.database.rebuild import Rebuilt, reach, rebuild
from forensics.facts.database.timeline import Run, timeline_of
from forensics.ingest.state_directory import StateDirectory
from forensics.limits import IMAGE_MEMORY_BYTES_MAX
from tests.raft_bytes import state_directory
from tests.sqlite_oracle import Log, Rows, Writer, frames, snapshot, undo

ALL = "SELECT id, name, value FROM kine ORDER BY id"
SCHEMA = "CREATE TABLE kine(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, value BLOB)"
HISTORY = (
    (SCHEMA,),
    ("CREATE INDEX kine_name_index ON kine(name, id)",),
    *(
        (f"INSERT INTO kine(name, value) VALUES('/registry/pods/p-{n}', randomblob({100 + 90 * n}))",)
        for n in range(12)
    ),
    ("INSERT INTO kine(name, value) VALUES('/registry/large', randomblob(100000))",),
    ("DELETE FROM kine WHERE id % 2 = 0", "UPDATE kine SET value = NULL WHERE id < 4"),
    ("VACUUM",),
    ("INSERT INTO kine(name, value) SELECT name, value FROM kine",),
    ("DELETE FROM kine",),
    ("VACUUM",),
    ("INSERT INTO kine(name, value) VALUES('last', x'00')",),
)


def write(writer: Writer, log: Log, statements: tuple[str, ...]) -> int:
    """Run a transaction and log it; its index."""
    return log.add(frames(writer.name, writer.run(*statements)))


def recorded(folder: Path, history: tuple[tuple[str, ...], ...] = HISTORY) -> tuple[Writer, Log, dict[int, Rows]]:
    """The history as a log from index 1, with the truth at each index that has a table."""
    writer, log, truth = Writer(folder), Log(), {}
    for statements in history:
        index = write(writer, log, statements)
        truth[index] = writer.rows(ALL)
        log.add(bytes(8), kind=2)  # a barrier between transactions: an index at which nothing changes
        truth[index + 1] = truth[index]
    return writer, log, truth


def rebuilt(state: StateDirectory, at: int | None = None) -> Rebuilt:
    found = rebuild(timeline_of(state), at)
    assert found is not None
    return found


def rows(state: StateDirectory, at: int | None = None, name: str = "k8s", sql: str = ALL) -> Rows:
    """What the time machine answers, from an image that is sound and lacks nothing."""
    with rebuilt(state, at) as found:
        assert not found.losses(name)
        with Database(found.databases[name]) as database:
            assert database.rows("PRAGMA integrity_check") == [("ok",)]
            return database.rows(sql)


def test_every_index_of_a_log_from_the_start(tmp_path: Path) -> None:
    """Inserts, a large blob, deletes, VACUUM to fewer pages, growth again."""
    _, log, truth = recorded(tmp_path)
    for opened in (False, True):
        state = log.state(opened=opened)
        assert {index: rows(state, index) for index in truth} == truth
        assert rows(state) == truth[len(log.entries)]
        assert reach(timeline_of(state)) == [Run(1, len(log.entries))]


@pytest.mark.parametrize("old", [True, False], ids=["main and WAL, up to 1.16", "one image, since 1.17"])
@pytest.mark.parametrize("compress", [True, False], ids=["LZ4", "raw"])
def test_a_snapshot_carries_what_the_trimmed_log_no_longer_holds(tmp_path: Path, old: bool, compress: bool) -> None:
    writer, log, truth = recorded(tmp_path, HISTORY[:9])
    images = ("k8s", *writer.images()) if old else ("k8s", writer.image(), b"")
    if old:
        writer.checkpoint()  # the WAL begins anew, with other salts
    at = len(log.entries)
    for statements in HISTORY[9:]:
        index = write(writer, log, statements)
        truth[index] = writer.rows(ALL)
    log.snapshot(at, snapshot([images], compress=compress))
    state = log.state(without=range(1, at - log.per_segment + 1))
    later = {index: answer for index, answer in truth.items() if index >= at}
    assert {index: rows(state, index) for index in later} == later
    assert rebuild(timeline_of(state), at - 1) is None
    assert reach(timeline_of(state)) == [Run(at, len(log.entries))]


def test_a_wal_of_a_snapshot_counts_up_to_its_last_commit(tmp_path: Path) -> None:
    """Frames of a transaction that never committed are dropped, and so is half a frame."""
    writer, log, truth = recorded(tmp_path, HISTORY[:6])
    main, wal = writer.images()
    more = Writer(tmp_path, "other")
    uncommitted = wal[:32][16:24].join([(99).to_bytes(4, "big") + bytes(4), bytes(8)]) + more.run(SCHEMA)[0][1]
    log.snapshot(len(log.entries), snapshot([("k8s", main, wal + uncommitted)]))
    assert rows(log.state(without=range(99))) == truth[len(log.entries)]


def test_transactions_of_old_logs_wait_for_their_commit_or_undo(tmp_path: Path) -> None:
    """Up to dqlite 1.5: frames without the commit flag, then one with it; an undo drops them."""
    writer, log = Writer(tmp_path), Log()
    write(writer, log, (SCHEMA,))
    pages = writer.run("INSERT INTO kine(name, value) VALUES('a', randomblob(30000))")
    before = rows(log.state())
    log.add(frames("k8s", pages[:3], transaction=7, commit=False))
    log.add(frames("k8s", [(2, bytes(4096))], transaction=8, commit=False))
    assert rows(log.state()) == before
    log.add(undo(8))
    log.add(frames("k8s", pages[3:], transaction=7))
    assert rows(log.state()) == writer.rows(ALL)
    assert rows(log.state(), 4) == before


def test_databases_do_not_touch_each_other(tmp_path: Path) -> None:
    one, two, log = Writer(tmp_path, "k8s"), Writer(tmp_path, "db.bin"), Log()
    for number in range(5):
        for writer in (one, two):
            write(
                writer, log, (SCHEMA,) if number == 0 else (f"INSERT INTO kine(name) VALUES('{writer.name} {number}')",)
            )
    assert rows(log.state(), name="k8s") == one.rows(ALL)
    assert rows(log.state(), name="db.bin") == two.rows(ALL)
    only = rebuild(timeline_of(log.state()), only="k8s")
    assert only is not None
    assert list(only.databases) == ["k8s"]
    assert list(only.replay.names) == ["k8s", "db.bin"]


def test_a_deleted_database_is_gone_and_can_come_again(tmp_path: Path) -> None:
    """PRAGMA delete_database (dqlite 1.18.3): a frames command whose page 1 says size 0."""
    writer, log, _ = recorded(tmp_path, HISTORY[:4])
    first = bytearray(writer.image()[:4096])
    first[28:32] = bytes(4)
    log.add(frames("k8s", [(1, bytes(first))]))
    with rebuilt(log.state()) as found:
        assert not found.databases
    (tmp_path / "again").mkdir()
    again = Writer(tmp_path / "again")
    write(again, log, (SCHEMA,))
    write(again, log, ("INSERT INTO kine(name) VALUES('again')",))
    assert rows(log.state()) == again.rows(ALL)


def test_a_damaged_snapshot_is_passed_over_for_the_log(tmp_path: Path) -> None:
    writer, log, truth = recorded(tmp_path)
    good = snapshot([("k8s", writer.image(), b"")])
    middle = len(good) // 2
    log.snapshot(len(log.entries), good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1 :])
    assert rows(log.state()) == truth[len(log.entries)]
    with rebuilt(log.state()) as found:
        assert found.snapshot is None


def test_what_a_cut_snapshot_lacks_is_said(tmp_path: Path) -> None:
    """Where nothing else is at hand, half an image is better than none, and never passes for a whole one."""
    writer, log, _ = recorded(tmp_path, HISTORY[:15])
    raw = snapshot([("k8s", writer.image(), b"")], compress=False)
    log.snapshot(len(log.entries), raw[: len(raw) // 2])
    with rebuilt(log.state(without=range(99))) as found:
        pages = found.databases["k8s"]
        assert pages.count == len(writer.image()) // 4096
        assert 0 < pages.missing() < pages.count
        assert Loss(LossKind.MISSING_PAGES, "k8s", pages.missing(), pages.count) in found.losses("k8s")


def test_a_gap_in_the_log_is_never_jumped(tmp_path: Path) -> None:
    writer, log, truth = recorded(tmp_path, HISTORY[:9])  # 18 entries, in segments of 4
    log.snapshot(10, snapshot([("k8s", writer.image(), b"")]))
    state = log.state(without=[5])
    timeline = timeline_of(state)
    assert reach(timeline) == [Run(1, 4), Run(10, 18)]
    assert [rebuild(timeline, index) is None for index in (4, 5, 9, 10, 18, 19)] == [
        False,
        True,
        True,
        False,
        False,
        True,
    ]
    assert rows(state, 4) == truth[4]


def test_indexes_behind_a_damaged_open_segment_are_not_guessed(tmp_path: Path) -> None:
    """open-2 continues open-1; where open-1 is damaged inside, nobody knows at which index."""
    _, log, _ = recorded(tmp_path, HISTORY[:6])  # 12 entries: three closed segments
    state = log.state(without=[5, 9])
    first, second = (log.state().files[f"{n:016d}-{n + 3:016d}"].blob for n in (5, 9))
    assert first is not None
    assert second is not None
    damaged = bytearray(first.read())
    damaged[-1] ^= 1
    opened = state_directory({"open-1": bytes(damaged), "open-2": second.read()}).files
    state = replace(state, files={**state.files, **opened})
    assert reach(timeline_of(state)) == [Run(1, 7)]
    assert timeline_of(state).tip() == (1, 7)
    whole = state_directory({"open-1": first.read().ljust(300_000, b"\0")}).files
    assert reach(timeline_of(replace(state, files={**state.files, **whole}))) == [Run(1, 12)]


def test_large_images_leave_memory_and_answer_the_same(tmp_path: Path) -> None:
    writer, log = Writer(tmp_path), Log(per_segment=2)
    write(writer, log, (SCHEMA,))
    for _ in range(5):
        write(writer, log, ("INSERT INTO kine(name, value) VALUES('n', randomblob(4000000))",))
    write(writer, log, ("DELETE FROM kine WHERE id = 2",))
    assert len(writer.image()) > IMAGE_MEMORY_BYTES_MAX
    state = log.state()
    with rebuilt(state) as found:
        assert not found.databases["k8s"].in_memory
        assert b"".join(found.databases["k8s"].chunks())[100:] == writer.image()[100:]
    assert rows(state) == writer.rows(ALL)


def test_pages_of_no_database_are_refused(tmp_path: Path) -> None:
    """A page number far beyond every size is a loss that is told, not a file of terabytes."""
    writer, log, _ = recorded(tmp_path, HISTORY[:3])
    log.add(frames("k8s", [((1 << 31) - 1, bytes(4096))]))
    with rebuilt(log.state()) as found:
        assert found.databases["k8s"].count == len(writer.image()) // 4096
        assert found.losses("k8s")[0].kind is LossKind.BEYOND_SIZE
