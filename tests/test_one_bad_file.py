"""One bad file never costs the analysis: it is told for what it is, by nothing that looks like an error of ours."""

from __future__ import annotations

import errno
import gzip
import io
import os
import random
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from forensics.check.build import build, pack, write
from forensics.check.tree import File, Tree
from forensics.cli import main
from forensics.evidence import FileBlob, Span
from forensics.facts.database.examine import _examine
from forensics.facts.database.pages import Pages
from forensics.report.stored import read_report
from tests.fixtures import fixture

PAGE = 4096


def header(name: str, size: int, kind: bytes) -> bytearray:
    """A header of GNU tar; its checksum is still to be written."""
    info = tarfile.TarInfo(name)
    info.size = size
    made = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    made[156:157] = kind
    return made


def summed(made: bytearray) -> bytes:
    """The sum of all bytes, its own field taken as blanks: tar(5)."""
    made[148:156] = b" " * 8
    made[148:156] = b"%06o\0 " % sum(made)
    return bytes(made)


def sparse(extended: int) -> bytes:
    """Two pieces of 512 bytes in a file of 4096; `extended`: further pieces follow in a block of their own."""
    made = header("n1/sparse", 1024, b"S")
    for at, (offset, size) in zip((386, 410), ((0, 512), (2048, 512)), strict=True):
        made[at : at + 24] = b"%011o\0%011o\0" % (offset, size)
    made[482] = extended
    made[483:495] = b"%011o\0" % 4096
    return summed(made)


PAX = summed(header("x", 20, b"x")) + b"20 comment=aaaaaaaa\n".ljust(512, b"\0")
LONG_NAME = summed(header("././@LongLink", 10, b"L")) + b"aaaaaaaaa\0".ljust(512, b"\0")
ENDS = {
    "a sparse file that is cut": sparse(0) + b"x" * 300,
    "a sparse header without its second block": sparse(1),
    "a sparse header with a part of it": sparse(1) + bytes(100),
    "2000 pax headers": PAX * 2000,
    "2000 long names": LONG_NAME * 2000 + bytes(1024),
}


@pytest.fixture(scope="module")
def nodes() -> Tree:
    """Three nodes' files."""
    return build(fixture("healthy/k8sd"))


def judged(inputs: list[str], space: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str], list[str]]:
    """The exit code, the nodes in the report, and the kinds of what is missing."""
    out = space / "report.json"
    code = main(["analyze", *inputs, "-q", "--json", str(out)])
    assert "error of this program" not in capsys.readouterr().err
    document = read_report(str(out))
    return code, [node.name for one in document.clusters for node in one.nodes], [gap.kind for gap in document.missing]


@pytest.mark.parametrize("packed", [False, True], ids=["tar", "tar.gz"])
@pytest.mark.parametrize("end", ENDS)
def test_an_archive_with_a_bad_end(
    end: str, packed: bool, nodes: Tree, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = pack(nodes, "tar")
    with tarfile.open(fileobj=io.BytesIO(whole)) as archive:
        archive.getmembers()
        content = whole[: archive.offset] + ENDS[end]  # where the block of zeros was
    upload = tmp_path / "upload.tar"
    upload.write_bytes(gzip.compress(content) if packed else content)
    code, names, missing = judged([str(upload)], tmp_path, capsys)
    assert (code, names) == (4, ["n1", "n2", "n3"])
    assert "refused" in missing


@pytest.mark.parametrize("size", [0, 1, 100, 511, 512, 600, 4095])
def test_a_local_database_shorter_than_its_page(size: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree = build(fixture("healthy/lxd"))
    path = next(path for path in tree if path.endswith("local.db"))
    write({**tree, path: File(tree[path].content[:size])}, tmp_path / "upload")
    code, names, _ = judged([str(tmp_path / "upload")], tmp_path, capsys)
    assert code in (1, 4)
    assert len(names) == len({path.partition("/")[0] for path in tree})


@pytest.mark.parametrize("name", ["metadata1", "database/00000", "info.yaml", "cluster.crt"])
def test_a_disk_that_cannot_be_read(
    name: str, nodes: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """EIO of one file: it counts as not arrived, and everything else is judged."""
    write(nodes, tmp_path / "upload")
    bad = next(path for path in sorted(nodes) if path.startswith("n2/") and name in path)

    def pread(blob: FileBlob, *_: object) -> bytes:
        if blob.path.endswith(bad):
            raise OSError(5, "Input/output error")
        return read(blob, *_)  # type: ignore[arg-type]

    def preadv(blob: FileBlob, *_: object) -> int:
        if blob.path.endswith(bad):
            raise OSError(5, "Input/output error")
        return readinto(blob, *_)  # type: ignore[arg-type]

    read, readinto = FileBlob.read, FileBlob.readinto
    monkeypatch.setattr(FileBlob, "read", pread)
    monkeypatch.setattr(FileBlob, "readinto", preadv)
    out = tmp_path / "report.json"
    code = main(["analyze", str(tmp_path / "upload"), "-q", "--json", str(out)])
    document = read_report(str(out))
    assert code in (1, 4)
    assert [node.name for one in document.clusters for node in one.nodes] == ["n1", "n2", "n3"]
    assert any(gap.subject == bad for gap in document.missing)
    assert bad in capsys.readouterr().err


GONE = {"a vanished file": errno.ENOENT, "a file that may not be read": errno.EACCES}


@pytest.mark.parametrize("number", GONE.values(), ids=GONE)
@pytest.mark.parametrize("suffix", ["metadata1", "0000000000000001-", "info.yaml", "cluster.yaml", "cluster.crt"])
def test_a_file_that_cannot_be_opened(
    suffix: str, number: int, nodes: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was there when the folder was listed. It is no empty file, which would say something of the node."""
    bad = next(path for path in sorted(nodes) if path.startswith("n2/") and suffix in path.rpartition("/")[2])
    write(nodes, tmp_path / "upload")
    monkeypatch.setattr(os, "open", _refusing(bad, number, os.open))
    out = tmp_path / "report.json"
    assert main(["analyze", str(tmp_path / "upload"), "-q", "--json", str(out)]) in (1, 4)
    document = read_report(str(out))
    assert [node.name for one in document.clusters for node in one.nodes] == ["n1", "n2", "n3"]
    assert any(gap.subject == bad and os.strerror(number) in gap.detail for gap in document.missing)
    assert not [finding for finding in document.findings if "empty" in finding.title]


def _refusing(bad: str, number: int, opened: Callable[..., int]) -> Callable[..., int]:
    def refusing(path: str, *given: int, **named: int) -> int:
        if str(path).endswith(bad):
            raise OSError(number, os.strerror(number), path)
        return opened(path, *given, **named)

    return refusing


@pytest.mark.parametrize("command", ["analyze", "log", "history", "forecast", "sql", "extract", "plan"])
def test_an_archive_that_cannot_be_read(
    command: str, nodes: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Behind its first MiB the disk is bad: the input is named, never an output."""
    upload = tmp_path / "upload.tar"
    upload.write_bytes(pack(nodes, "tar"))

    def pread(fd: int, size: int, offset: int) -> bytes:
        return read(fd, size, _good(offset))

    def preadv(fd: int, buffers: list[memoryview], offset: int) -> int:
        return readv(fd, buffers, _good(offset))

    read, readv = os.pread, os.preadv
    monkeypatch.setattr(os, "pread", pread)
    monkeypatch.setattr(os, "preadv", preadv)
    more = {"sql": ["select 1"], "extract": ["-o", str(tmp_path / "out")], "history": ["/registry"]}.get(command, [])
    code = main([command, str(upload), *more])
    said = capsys.readouterr().err
    assert code in ((1, 4) if command == "analyze" else (0, 1, 3, 4))  # the others answer what they are asked
    assert "Input/output error" in said
    assert "standard output" not in said
    assert "error of this program" not in said


def _good(offset: int) -> int:
    if offset > 1 << 20:
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    return offset


def kine() -> bytes:
    """A small database with kine's and microcluster's tables, as their own schemas have them."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        "PRAGMA page_size=4096;"
        "CREATE TABLE kine (id INTEGER PRIMARY KEY AUTOINCREMENT, name INTEGER, created INTEGER, deleted INTEGER,"
        " create_revision INTEGER, prev_revision INTEGER, lease INTEGER, value BLOB, old_value BLOB);"
        "CREATE INDEX kine_name_index ON kine (name);"
        "CREATE TABLE core_cluster_members (id INTEGER PRIMARY KEY, name TEXT, address TEXT, certificate TEXT,"
        " schema INTEGER, heartbeat DATETIME, role TEXT);"
        "INSERT INTO kine VALUES (1, '/registry/a', 1, 0, 0, 0, 0, x'00', x'');"
    )
    return connection.serialize()


def examined(image: bytes) -> None:
    pages = Pages("k8s", PAGE)
    try:
        pages.copy(1, image)
        _examine(pages, (), Span("x"))
    finally:
        pages.close()


def test_any_bit_of_the_schema() -> None:
    """3000 of page 1, where the schema is: names and text that are no UTF-8 among them. Nothing is raised."""
    image, chance = kine(), random.Random(14)  # noqa: S311 - repeatable, not secret
    for at in chance.sample(range(PAGE * 8), 3000):
        flipped = bytearray(image)
        flipped[at // 8] ^= 1 << at % 8
        examined(bytes(flipped))


@pytest.mark.parametrize("size", [1 << 20, 17 << 20], ids=["in memory", "in a file"])
def test_an_image_that_is_none(size: int) -> None:
    examined(b"SQLite garbage!!" + os.urandom(16) + bytes(size))


@pytest.mark.parametrize(
    "check",
    [
        "length(zeroblob(900000000)) > 0",
        "length(printf('%.*c', 60000000, 'x') || printf('%.*c', 60000000, 'y')) > 0",
        "length(replace(printf('%.*c', 50000000, 'x'), 'x', 'yyyyyyyyyyyy')) > 0",
        "length(hex(randomblob(60000000))) > 0",
    ],
)
def test_a_check_that_allocates(check: str) -> None:
    """The integrity check computes what the schema asks for."""
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA page_size=4096")
    connection.executescript(
        f"CREATE TABLE t (a CHECK ({check}));"  # noqa: S608 - this test's own text
        "PRAGMA ignore_check_constraints = 1; INSERT INTO t VALUES (1)"
    )
    examined(connection.serialize())
