"""`export`, judged by real etcd: it restores the snapshot, serves every live object, watches, compacts, and goes on."""

from __future__ import annotations

import base64
import hashlib
import json
import lzma
import os
import random
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from forensics.cli import main
from forensics.export.etcd import write_snapshot
from forensics.export.live import Live
from forensics.facts.database.open import Database
from forensics.facts.database.pages import Pages
from tests.held.recording import recording
from tests.repair.real import earlier
from tests.tools import tool

BASES = Path(__file__).resolve().parents[2] / "fixtures" / "bases"
KINE = (
    "CREATE TABLE kine(id INTEGER PRIMARY KEY AUTOINCREMENT, name INTEGER, created INTEGER, deleted INTEGER,"
    " create_revision INTEGER, prev_revision INTEGER, lease INTEGER, value BLOB, old_value BLOB)"
)

Live_ = dict[bytes, tuple[int, int, bytes, int]]  # key → create and mod revision, value, lease


@dataclass(frozen=True)
class Etcd:
    """A running etcd."""

    endpoint: str

    def ctl(self, *words: str) -> str:
        """What etcdctl prints."""
        command = [tool("etcdctl"), f"--endpoints={self.endpoint}", *words]
        return subprocess.run(command, env=v3(), check=True, capture_output=True, text=True, timeout=60).stdout

    def get(self, *words: str) -> dict[str, Any]:
        """The answer of a range request."""
        found: dict[str, Any] = json.loads(self.ctl("get", *words, "--write-out=json"))
        return found

    def live(self) -> Live_:
        """Every key that it serves."""
        return {
            base64.b64decode(pair["key"]): (
                pair["create_revision"],
                pair["mod_revision"],
                base64.b64decode(pair.get("value", "")),
                pair.get("lease", 0),
            )
            for pair in self.get("", "--from-key").get("kvs", [])
        }


def v3() -> dict[str, str]:
    return {**os.environ, "ETCDCTL_API": "3"}


@contextmanager
def restored(snapshot: Path, folder: Path) -> Iterator[Etcd]:
    """Real etcd on what `etcdctl snapshot restore` made of the snapshot."""
    data = folder / "etcd"
    restore = [tool("etcdctl"), "snapshot", "restore", str(snapshot), f"--data-dir={data}"]
    subprocess.run(restore, env=v3(), check=True, capture_output=True, timeout=120)
    client, peer = (f"http://127.0.0.1:{port}" for port in free_ports(2))
    server = [tool("etcd"), f"--data-dir={data}", f"--listen-client-urls={client}", f"--advertise-client-urls={client}"]
    with subprocess.Popen([*server, f"--listen-peer-urls={peer}"], stderr=(folder / "log").open("wb")) as process:
        etcd = Etcd(client)
        try:
            wait_for(etcd, process, folder / "log")
            yield etcd
        finally:
            process.kill()


def wait_for(etcd: Etcd, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(100):
        assert process.poll() is None, log.read_text()
        try:
            etcd.ctl("endpoint", "health")
        except subprocess.CalledProcessError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(log.read_text())


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def truth(base: str, moment: str = "end") -> tuple[Live_, int]:
    """Live objects and the sequence, from the rows that the running cluster answered with at a moment."""
    lines = lzma.decompress((BASES / f"{base}.rows.jsonl.xz").read_bytes()).decode().splitlines()
    rows = [told for told in map(json.loads, lines) if (told["database"], told["moment"]) == ("k8s", moment)]
    last = {told["table"]: told["rows"] for told in rows}
    newest: dict[str, list[Any]] = {}
    for row in sorted(last["kine"], key=lambda row: row[0]):
        newest[row[1]] = row
    live = {
        name.encode(): (made or row, row, bytes.fromhex(value["hex"]), lease)
        for name, (row, _, _, deleted, made, _, lease, value, _) in newest.items()
        if not deleted and name != "compact_rev_key"
    }
    return live, dict(last["sqlite_sequence"])["kine"]


@pytest.mark.parametrize("base", ["databases", "healthy", "trimmed"])
def test_etcd_serves_what_the_cluster_held(base: str, tmp_path: Path) -> None:
    """Keys, values, leases, and both revisions, of the rows that the running cluster answered with."""
    live, sequence = truth(base)
    assert live
    snapshot = tmp_path / "snapshot.db"
    assert main(["export", str(BASES / f"{base}.tar.xz"), "--quiet", "-o", str(snapshot)]) == 0
    with restored(snapshot, tmp_path) as etcd:
        assert etcd.live() == live
        assert etcd.get("/none")["header"]["revision"] == sequence


def test_etcd_serves_what_the_cluster_held_earlier(tmp_path: Path) -> None:
    """At the last entry before the writes at the end of the recording, each of which is one command."""
    line = next(iter(recording("repaired").histories.values()))
    moment = earlier("repaired", line)
    assert moment is not None
    live, _ = truth("repaired", "before")
    snapshot = tmp_path / "snapshot.db"
    archive = str(BASES / "repaired.tar.xz")
    assert main(["export", archive, "--quiet", "--at", str(moment[0]), "-o", str(snapshot)]) == 0
    with restored(snapshot, tmp_path) as etcd:
        assert etcd.live() == live != truth("repaired")[0]


def test_etcd_goes_on_from_there(tmp_path: Path) -> None:
    """The next write has the next revision; what was before is compacted; a watch, a compaction and leases work."""
    _, sequence = truth("databases")
    snapshot = tmp_path / "snapshot.db"
    assert main(["export", str(BASES / "databases.tar.xz"), "--quiet", "-o", str(snapshot)]) == 0
    with restored(snapshot, tmp_path) as etcd:
        with pytest.raises(subprocess.CalledProcessError) as old:
            etcd.ctl("get", "/registry/health", f"--rev={sequence - 1}")
        assert "compacted" in old.value.stderr
        for number in (1, 2):
            etcd.ctl("put", "/registry/health", str(number))
        assert etcd.get("/registry/health")["kvs"][0]["mod_revision"] == sequence + 2
        watch = [tool("etcdctl"), f"--endpoints={etcd.endpoint}", "watch", "/registry/health", f"--rev={sequence + 1}"]
        with subprocess.Popen(watch, env=v3(), stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            seen = [process.stdout.readline().strip() for _ in range(6)]
            process.kill()
        assert seen == ["PUT", "/registry/health", "1", "PUT", "/registry/health", "2"]
        etcd.ctl("compaction", "--physical", str(sequence + 2))
        etcd.ctl("defrag")
        assert etcd.get("/registry/health")["kvs"][0]["version"] == 3  # once by kine, twice here
        (lease,) = etcd.ctl("lease", "list").splitlines()[1:]
        assert f"{int(lease, 16)}s" in etcd.ctl("lease", "timetolive", lease).split("granted with TTL(")[1]


def test_many_keys_and_large_values(tmp_path: Path) -> None:
    """Branch pages above branch pages, values of no byte, of one page and its neighbours, and of a megabyte."""
    chance = random.Random(15)  # noqa: S311 - sizes and bytes of a test
    sizes = [0, 1, 4000, 4030, 4031, 4032, 4096, 8192, 1_000_000] + [chance.randrange(300) for _ in range(40_000)]
    rows = [(f"/registry/things/{number:06}", chance.randbytes(size)) for number, size in enumerate(sizes)]
    path = tmp_path / "kine.sqlite"
    with closing(sqlite3.connect(path)) as made:
        made.execute("PRAGMA page_size=4096")
        made.execute(KINE)
        made.executemany("INSERT INTO kine(name, created, deleted, lease, value) VALUES (?, 1, 0, 0, ?)", rows)
        made.commit()
    pages = Pages("k8s")
    pages.copy(1, path.read_bytes())
    snapshot = tmp_path / "snapshot.db"
    with Database(pages) as database, snapshot.open("w+b") as file:
        assert write_snapshot(Live(database), file).objects == len(rows)
    content = snapshot.read_bytes()
    assert hashlib.sha256(content[:-32]).digest() == content[-32:]
    with restored(snapshot, tmp_path) as etcd:
        etcd.ctl("defrag")  # rewrites every page: bbolt itself reads them all
        first = etcd.get("/registry/things/000", "--prefix")
        assert [base64.b64decode(pair.get("value", "")) for pair in first["kvs"]] == [value for _, value in rows[:1000]]
        assert etcd.get("/registry/", "--prefix", "--limit=1")["count"] == len(rows)


def test_json_leaves_secrets_out_unless_asked(tmp_path: Path) -> None:
    """The same objects; Secrets only with --with-secrets."""
    live, sequence = truth("databases")
    secrets = {key for key in live if b"/secrets/" in key}
    assert secrets
    for words, wanted in (((), live.keys() - secrets), (("--with-secrets",), live.keys())):
        path = tmp_path / f"objects{len(words)}.json"
        archive = str(BASES / "databases.tar.xz")
        assert main(["export", archive, "--quiet", "--format", "json", *words, "-o", str(path)]) == 0
        told = json.loads(path.read_text())
        assert told["revision"] == sequence
        found = {
            one["key"].encode(): (
                one["createRevision"],
                one["revision"],
                one["text"].encode() if "text" in one else base64.b64decode(one["base64"]),
                one["lease"],
            )
            for one in told["objects"]
        }
        assert found == {key: live[key] for key in wanted}


def test_nothing_is_overwritten_and_nothing_half_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An existing file stays; a database without kine leaves no file."""
    there = tmp_path / "there"
    there.write_bytes(b"mine")
    assert main(["export", str(BASES / "databases.tar.xz"), "-o", str(there)]) == 2
    assert there.read_bytes() == b"mine"
    archive = str(BASES / "databases.tar.xz")
    assert main(["export", archive, "--database", "app-1.db", "-o", str(tmp_path / "none")]) == 2
    assert "no kine table" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
