"""collect.sh under three shells: what it makes is full evidence, says what the directory says, has no secret in it."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from forensics.check.run import differences
from forensics.collector import script
from forensics.ingest.products import PRODUCTS, UNITS
from forensics.report.document import Evidence
from tests.collector.machine import BOUND_BY_MODES, SHELLS, analysed, collect, hosts_of
from tests.fixtures import fixture, known
from tests.made_certificates import make
from tests.tools import tool

DAMAGED, K8SD, LXD = "database/damaged-page", "healthy/k8sd", "healthy/lxd"


def texts(archive: Path) -> dict[str, str]:
    """What the script wrote beside the copies, by name."""
    with tarfile.open(archive) as tar:
        found = {member.name.partition("/dqlite-forensics/")[2]: member for member in tar if member.isfile()}
        return {
            name: extracted.read().decode("utf-8", "replace")
            for name, member in found.items()
            if name.endswith(".txt") and (extracted := tar.extractfile(member))
        }


def names(archive: Path) -> set[str]:
    """Paths of all files below the archive's top."""
    with tarfile.open(archive) as tar:
        return {member.name.partition("/")[2] for member in tar if member.isfile()}


def digests(root: Path) -> dict[str, tuple[str, int]]:
    return {
        str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("shell", SHELLS)
def test_the_archives_say_what_the_directories_say(shell: str, tmp_path: Path) -> None:
    """One damaged and one healthy cluster: what each fixture expects of its directories, by hand."""
    for name in (K8SD, DAMAGED):
        roots = hosts_of(name, tmp_path / name)
        before = digests(tmp_path / name)
        archives = [collect(root, tmp_path / "out" / name, shell=shell)[0] for root in roots]
        assert digests(tmp_path / name) == before
        with analysed(*archives) as analysis:
            document = analysis.document
            assert not list(differences(fixture(name), document))
            nodes = [node for cluster in document.clusters for node in cluster.nodes]
            assert {node.name for node in nodes} == {root.name for root in roots}
            assert {node.evidence for node in nodes} == {Evidence.FULL}
            assert {host.collector for host in analysis.case.hosts} == {"dqlite-forensics collector"}
            assert {node.state.changed for cluster in analysis.case.clusters for node in cluster.nodes} == {()}


def test_pairs_are_judged_by_public_halves(tmp_path: Path) -> None:
    """The key of another pair is told, though no key is in the archive; the other nodes' pairs fit."""
    tool("openssl")
    roots = hosts_of("certificate/other-key", tmp_path / "hosts")
    archives = [collect(root, tmp_path / "out")[0] for root in roots]
    assert not [name for archive in archives for name in names(archive) if name.endswith(".key")]
    with analysed(*archives) as analysis:
        matches = {
            node.name: [c.key_matches for c in node.certificates] for node in analysis.document.clusters[0].nodes
        }
        assert matches == {"n1": [True], "n2": [False], "n3": [True]}
        assert [(f.rule, f.nodes) for f in analysis.document.findings if f.severity == "high"] == [("CERT002", ("n2",))]


def test_lxd_is_whole_with_its_own_database(tmp_path: Path) -> None:
    """Its local.db is a database like segments and snapshots: whole, and said to be. Nothing else has its canary."""
    roots = hosts_of(LXD, tmp_path / "hosts")
    place = "var/snap/lxd/common/lxd/database/local.db"
    with closing(sqlite3.connect(roots[0] / place)) as database, database:
        database.execute("INSERT INTO config (key, value) VALUES ('user.note', 'cAnArY7316')")
    for name in ("local.db.bak", "local.db-wal", "../lxd.db", "../server.key", "../unix.token"):
        (roots[0] / place).with_name("local.db").parent.joinpath(name).write_text("cAnArY7316")
    made = [collect(root, tmp_path / "out") for root in roots]
    archives = [archive for archive, _ in made]
    with analysed(*archives) as analysis:
        assert not list(differences(fixture(LXD), analysis.document))
    assert all(place in names(archive) for archive in archives)
    with tarfile.open(archives[0]) as tar:
        holding = [m.name for m in tar if m.isfile() and (f := tar.extractfile(m)) and b"cAnArY7316" in f.read()]
    assert [name.partition("/")[2] for name in holding] == [place]
    assert "local.db is a database, and copied whole" in texts(archives[0])["notes.txt"]
    assert "local.db are in it" in made[0][1]


def test_no_secret_outside_segments_and_snapshots(tmp_path: Path) -> None:
    """A canary in every place of docs/reference/secrets.md#what-is-secret that lies in or around a state directory."""
    root = hosts_of(K8SD, tmp_path / "hosts")[0]
    state = root / "var/snap/k8s/common/var/lib/k8sd/state"
    database = state / "database"
    canary = "cAnArY7316"
    pair = make()
    key = pair.key.decode().replace("\n", f"\n{canary}\n", 1)
    one_line = key.replace("\n", "\\n")
    planted = {
        state / "cluster.key": key,
        state / "server.key": canary,
        state / "server.crt": f"{pair.certificate.decode()}{key}",
        state / "other.pem": key,
        state / "daemon.yaml": f'name: n1\naddress: 127.20.2.1:6400\ntoken: {canary}\nnote: "{one_line}"\n',
        state / "certificates/extra.key": key,
        state / "truststore/left.yaml": f"name: left\naddress: 127.20.2.9:6400\ncertificate: |\n{key}",
        state / "truststore/.left.yaml123": f"secret: {canary}\n",
        state / "truststore/block.yaml": f"name: n9\ntoken: |\n  {canary}\nsecrets:\n- {canary}\n- x: {canary}\n",
        state / "truststore/more.yaml": f"join_token:\n  {canary}\nbearer: {canary}\n? password\n: {canary}\n",
        state / "truststore/key.yaml": f"key: |\n  {canary}\n",
        state / "recovery_db.tar.gz": canary,
        state / "db_backup.2026-01-01T00:00:00Z.tar.gz": canary,
        state / "credentials": canary,
        database / "init.yaml": f"Address: 127.20.2.1:6400\npassword: {canary}\n",
        database / "db.bin": canary,
        database / "db.bin-wal": canary,
        database / "patch.global.sql": f"core.trust_password {canary}",
        database / "local.db.bak": canary,
        database / "notes": canary,
        database / "2026-11-22-dump.sql": canary,
        database / "1-2.sql": canary,
        state / "core_dumps/core.1": canary,
        root / "var/snap/k8s/common/args/kubeconfig": f"token: {canary}\n",
        root / "var/snap/k8s/common/recovery-k8s-dqlite-1.tar.gz": canary,
    }
    for path, text in planted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    archive, said = collect(root, tmp_path / "out")
    with tarfile.open(archive) as tar:
        holding = [m.name for m in tar if m.isfile() and (f := tar.extractfile(m)) and canary.encode() in f.read()]
        for path in (state / "truststore/block.yaml", state / "daemon.yaml"):
            kept = tar.extractfile(f"{archive.name.removesuffix('.tar.gz')}/{path.relative_to(root)}")
            assert kept
            assert yaml.safe_load(kept)["name"] == yaml.safe_load(path.read_text())["name"]
    assert not holding
    told = texts(archive)["left-out.txt"]
    assert "cluster.key\ta private key" in told
    assert "recovery_db.tar.gz\ta backup" in told
    assert "Secrets" in said  # that segments and snapshots have them


@pytest.mark.parametrize("shell", SHELLS)
def test_a_file_that_may_not_be_written_to_is_sieved_too(shell: str, tmp_path: Path) -> None:
    """Its copy may not be written to either, unless by root with all of root's rights: here without that one."""
    root = hosts_of(K8SD, tmp_path / "hosts")[0]
    daemon = root / "var/snap/k8s/common/var/lib/k8sd/state/daemon.yaml"
    daemon.write_text("name: n1\naddress: 127.20.2.1:6400\ntoken: cAnArY7316\n")
    daemon.chmod(0o444)
    os.utime(daemon, (1_700_000_000, 1_700_000_000))
    archive, _ = collect(root, tmp_path / "out", shell=shell, through=BOUND_BY_MODES)
    with tarfile.open(archive) as tar:
        (copy,) = (member for member in tar if member.name.endswith("/daemon.yaml"))
        kept = tar.extractfile(copy)
        assert kept
        assert kept.read() == b"name: n1\naddress: 127.20.2.1:6400\ntoken: [left out]\n"
        assert (copy.mode & 0o777, copy.mtime) == (0o444, 1_700_000_000)
    assert "daemon.yaml\tprivate keys and tokens in it" in texts(archive)["left-out.txt"]


def test_a_machine_larger_than_the_bound(tmp_path: Path) -> None:
    """Of segments beyond --max-size a digest, the first and the last 64 KiB; small files are whole, and it is said."""
    root = hosts_of(K8SD, tmp_path / "hosts")[0]
    database = root / "var/snap/k8s/common/var/lib/k8sd/state/database"
    large = database / "0000000000000002-0000000000000045"
    archive, _ = collect(root, tmp_path / "out", "--max-size", "1K")
    about = texts(archive)
    assert f"{hashlib.sha256(large.read_bytes()).hexdigest()}  /{large.relative_to(root)}" in about["digests.txt"]
    assert f"/{large.relative_to(root)}\tno room left (--max-size)" in about["left-out.txt"]
    with tarfile.open(archive) as tar:
        parts = {m.name.rpartition(".")[2]: tar.extractfile(m) for m in tar if "/parts/" in m.name and m.isfile()}
        head, tail = (parts[part].read() for part in ("head", "tail"))  # type: ignore[union-attr] # files, asked above
    assert (head, tail) == (large.read_bytes()[:65536], large.read_bytes()[-65536:])
    with analysed(archive) as analysis:
        (node,) = analysis.document.clusters[0].nodes
        assert node.evidence == Evidence.PARTIAL
        assert large.name in {segment.name for segment in known(node.log).segments}


def test_no_time_at_all(tmp_path: Path) -> None:
    """Listings are always there, and what was not done is named."""
    archive, _ = collect(hosts_of(K8SD, tmp_path / "hosts")[0], tmp_path / "out", "--max-time", "0")
    assert texts(archive)["left-out.txt"].count("(--max-time)") == 2  # the two segments
    with analysed(archive) as analysis:
        assert analysis.document.incomplete


def test_a_node_that_writes_meanwhile(tmp_path: Path) -> None:
    """A process holds a file of the directory, and writes between the two looks: both are told."""
    root = hosts_of(K8SD, tmp_path / "hosts")[0]
    database = root / "var/snap/k8s/common/var/lib/k8sd/state/database"
    segment = database / "0000000000000002-0000000000000045"
    slow = tmp_path / "first"
    slow.mkdir()
    (slow / "cp").write_text(f'#!/bin/sh\n/bin/cp "$@"\necho >> {segment}\n')
    (slow / "cp").chmod(0o755)
    with segment.open("rb"):
        archive, said = collect(root, tmp_path / "out", first=str(slow))
    assert "k8sd runs while" in said
    assert "changed while they were copied" in said
    with analysed(archive) as analysis:
        assert analysis.case.clusters[0].nodes[0].state.changed == (segment.name,)


def test_the_script_is_short_and_clean() -> None:
    assert len(script().splitlines()) <= 300
    done = subprocess.run([tool("shellcheck"), "-"], input=script(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_product_is_looked_for() -> None:
    """The script's table has every full path and unit of forensics/ingest/products.py."""
    table = script().partition("PLACES='")[2].partition("'")[0].splitlines()
    rows = [line.split() for line in table]
    for product in PRODUCTS:
        wanted = {suffix for suffix in product.suffixes if suffix.startswith(("var/snap/", "var/lib/"))}
        assert wanted <= {place for database, _, place in rows if database == product.database}
        units = {unit for database, units, _ in rows if database == product.database for unit in units.split(",")}
        assert set(UNITS[product.database]) == units - {"-"}


@pytest.mark.parametrize(
    ("options", "code"), [(["--max-size", "much"], 2), (["--max-time", "-1"], 2), (["--odd", "1"], 2), (["--root"], 2)]
)
def test_usage_errors(options: list[str], code: int, tmp_path: Path) -> None:
    done = subprocess.run(
        [tool("dash"), "-s", "--", *options], input=script(), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert done.stderr.startswith("collect.sh: ")
    assert not list(tmp_path.iterdir())


def test_a_machine_without_dqlite(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    done = subprocess.run(
        [tool("dash"), "-s", "--", "--root", str(tmp_path / "root"), "--output", str(tmp_path)],
        input=script(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert [path.name for path in tmp_path.iterdir()] == ["root"]
