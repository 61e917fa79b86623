"""Archives: read in place whatever their compression; what cannot be believed is refused, and that recorded."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from forensics import budget
from forensics.errors import InputError
from forensics.ingest.files import Kind
from forensics.limits import ARCHIVE_DEPTH_MAX, FILE_BYTES_MAX, MIB, PATH_BYTES_MAX
from tests.made_archives import COMPRESS, file, link, special, take, take_bytes, tar

LARGE = os.urandom(200_000)  # beyond what is kept in memory: it goes through the spool
MEMBERS = (file("n1/metadata1", bytes(32)), file("n1/open-1", LARGE), file("n1/empty", b""))
SAMPLE = tar(*MEMBERS)


@pytest.mark.parametrize("kind", COMPRESS)
def test_every_compression_gives_the_same_members(tmp_path: Path, kind: str) -> None:
    taken = take_bytes(tmp_path, COMPRESS[kind](SAMPLE), "no-telling-name")
    assert taken.contents == {"n1/metadata1": bytes(32), "n1/open-1": LARGE, "n1/empty": b""}
    assert taken.refusals == []
    assert not any(item.cut for item in taken.files.values())


@pytest.mark.parametrize("kind", COMPRESS)
def test_a_cut_archive_gives_what_came_before_the_cut(tmp_path: Path, kind: str) -> None:
    large = [os.urandom(600_000) for _ in range(3)]  # bzip2 gives blocks of 900 000 bytes, or nothing
    data = COMPRESS[kind](tar(file("n1/metadata1", bytes(32)), *(file(f"n1/open-{n}", c) for n, c in enumerate(large))))
    taken = take_bytes(tmp_path, data[: len(data) * 3 // 5])
    assert taken.contents["n1/metadata1"] == bytes(32)
    assert large[0].startswith(taken.contents["n1/open-0"])
    assert len(taken.contents["n1/open-0"]) > 100_000
    assert "n1/open-2" not in taken.files
    assert taken.codes


@pytest.mark.parametrize("kind", COMPRESS)
def test_a_cut_between_two_members_is_noticed(tmp_path: Path, kind: str) -> None:
    """The archive ends where a header would begin: only the missing end tells."""
    first = tar(file("n1/metadata1", b"m" * 512))[: 2 * 512]
    taken = take_bytes(tmp_path, COMPRESS[kind](first))
    assert taken.contents == {"n1/metadata1": b"m" * 512}
    assert taken.codes == ["archive-cut"]


def test_a_cut_plain_tar_marks_the_member(tmp_path: Path) -> None:
    taken = take_bytes(tmp_path, SAMPLE[:-120_000])
    assert taken.files["n1/open-1"].cut
    assert LARGE.startswith(taken.contents["n1/open-1"])
    assert 0 < len(taken.contents["n1/open-1"]) < len(LARGE)


@pytest.mark.parametrize("kind", [kind for kind in COMPRESS if kind != "tar"])
def test_a_damaged_stream_says_so(tmp_path: Path, kind: str) -> None:
    """Bytes overwritten in the middle: the beginning may be read, the damage must be told."""
    data = bytearray(COMPRESS[kind](tar(*(file(f"n1/{n}", os.urandom(30_000)) for n in range(20)))))
    data[len(data) // 2 : len(data) // 2 + 64] = b"\xa5" * 64
    taken = take_bytes(tmp_path, bytes(data))
    assert taken.refusals
    assert not any(refusal.harmless for refusal in taken.refusals)


def test_a_damaged_header_loses_one_member_only(tmp_path: Path) -> None:
    data = bytearray(tar(file("a", b"x" * 512), file("b", b"y" * 512), file("c", b"z" * 512)))
    second = 512 + 512
    data[second : second + 100] = b"\xff" * 100
    taken = take_bytes(tmp_path, bytes(data))
    assert taken.contents == {"a": b"x" * 512, "c": b"z" * 512}
    assert taken.codes == ["archive-damaged"]


REFUSED = {
    "name-parent": file("n1/../../evil"),
    "name-long": file("n1/" + "x" * PATH_BYTES_MAX),
    "name-empty": file("./"),
}


@pytest.mark.parametrize("code", REFUSED)
def test_names_that_are_refused(tmp_path: Path, code: str) -> None:
    taken = take_bytes(tmp_path, tar(REFUSED[code], file("n1/metadata1", bytes(32))))
    assert taken.codes == [code]
    assert list(taken.files) == ["n1/metadata1"]


@pytest.mark.parametrize("form", ["tar", "tar.gz", "zip"])
def test_the_folder_itself_is_no_member(tmp_path: Path, form: str) -> None:
    """`cd DIRECTORY && tar c .` begins with `./`."""
    if form == "zip":
        data = zipped(("./", b""), ("./metadata1", bytes(32)))
    else:
        data = COMPRESS[form](tar(special("./", tarfile.DIRTYPE), file("./metadata1", bytes(32))))
    taken = take_bytes(tmp_path, data)
    assert (taken.contents, taken.refusals) == ({"metadata1": bytes(32)}, [])


@pytest.mark.parametrize("form", ["tar", "tar.gz", "zip"])
def test_absolute_names_are_noted_and_read(tmp_path: Path, form: str) -> None:
    """`tar -P` writes them: the note is harmless, and what lies under them is not lost."""
    if form == "zip":
        data = zipped(("/n1/metadata1", bytes(32)))
    else:
        data = COMPRESS[form](tar(file("/n1/metadata1", bytes(32))))
    taken = take_bytes(tmp_path, data)
    assert taken.contents == {"n1/metadata1": bytes(32)}
    assert [(refusal.path, refusal.code, refusal.harmless) for refusal in taken.refusals] == [
        ("/n1/metadata1", "name-absolute", True)
    ]


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_devices_are_refused(tmp_path: Path, kind: bytes) -> None:
    taken = take_bytes(tmp_path, tar(special("n1/metadata1", kind)))
    assert taken.codes == ["device"]
    assert taken.files == {}


def test_the_first_of_a_name_counts(tmp_path: Path) -> None:
    taken = take_bytes(tmp_path, tar(file("n1/metadata1", b"first"), file("./n1//metadata1", b"second")))
    assert taken.contents == {"n1/metadata1": b"first"}
    assert taken.codes == ["name-duplicate"]


def test_names_are_made_printable(tmp_path: Path) -> None:
    taken = take_bytes(tmp_path, tar(file("n1/\x1b[31m"), file("n1/\udcff"), file("n1/\u202ex")))
    assert all(path.isprintable() for path in taken.files)
    assert len(taken.files) == 3


def test_links_are_recorded_and_lead_nowhere(tmp_path: Path) -> None:
    taken = take_bytes(tmp_path, tar(link("n1/a", "/etc/passwd"), link("n1/b", "../../../x"), link("n1/c", "d")))
    assert {path: item.target for path, item in taken.files.items()} == {
        "n1/a": "/etc/passwd",
        "n1/b": "../../../x",
        "n1/c": "d",
    }
    assert all(item.kind is Kind.LINK and item.blob is None for item in taken.files.values())


def test_hard_links_count_from_the_top(tmp_path: Path) -> None:
    taken = take_bytes(tmp_path, tar(file("n1/a"), special("n1/deep/b", tarfile.LNKTYPE, "n1/a")))
    assert taken.files["n1/deep/b"].target == "../../n1/a"


def test_a_size_that_no_file_has_is_refused(tmp_path: Path) -> None:
    info, _ = file("n1/open-1")
    info.size = FILE_BYTES_MAX + 1
    header = info.tobuf(tarfile.GNU_FORMAT)
    taken = take_bytes(tmp_path, header + bytes(1024))
    assert taken.codes[0] == "FILE_BYTES_MAX"
    assert taken.files == {}


def test_a_long_header_is_refused(tmp_path: Path) -> None:
    """A pax header that declares a gigabyte would be read whole by tarfile."""
    info, _ = file("pax")
    info.type, info.size = tarfile.XHDTYPE, 1 << 30
    data = COMPRESS["tar.gz"](info.tobuf(tarfile.USTAR_FORMAT) + bytes(64 * MIB))
    tracemalloc.start()
    taken = take_bytes(tmp_path, data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken.refusals
    assert peak < 64 * MIB


@pytest.mark.parametrize("kind", ["tar.gz", "tar.bz2", "tar.xz", "tar.zst"])
def test_a_bomb_is_stopped_by_its_ratio(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "RATIO_GRACE_BYTES", 4 * MIB)
    monkeypatch.setattr(budget, "ALLOWED", {**budget.ALLOWED, "COMPRESSION_RATIO_MAX": 100})
    taken = take_bytes(tmp_path, COMPRESS[kind](tar(file("n1/open-1", bytes(64 * MIB)))))
    assert taken.codes == ["COMPRESSION_RATIO_MAX"]
    assert len(taken.contents.get("n1/open-1", b"")) <= 16 * MIB


def test_preallocated_segments_are_no_bomb(tmp_path: Path) -> None:
    """Nine open segments of zeros shrink a thousandfold, and are what every killed cluster uploads."""
    files = [file(f"n{n}/open-{m}", bytes(8 * MIB)) for n in (1, 2, 3) for m in (1, 2, 3)]
    taken = take_bytes(tmp_path, COMPRESS["tar.xz"](tar(*files)))
    assert taken.refusals == []
    assert len(taken.files) == 9


def test_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "ALLOWED", {**budget.ALLOWED, "FILES_MAX": 3})
    taken = take_bytes(tmp_path, tar(*(file(f"f{n}") for n in range(5))))
    assert taken.codes == ["FILES_MAX"]
    assert len(taken.files) == 3


# --- sparse files ---


def sparse_tar(folder: Path, style: str, size: int) -> Path:
    """Packed by GNU tar, with one page of data in the middle and one at the end."""
    holed = folder / "open-1"
    with holed.open("wb") as out:
        out.truncate(size)
        out.seek(size // 2)
        out.write(b"m" * 4096)
        out.seek(size - 4096)
        out.write(b"e" * 4096)
    packed = folder / f"{style}.tar"
    command = ["tar", "--sparse", f"--format={style}", "-cf", str(packed), "-C", str(folder), "open-1"]
    subprocess.run(command, check=True, timeout=60)
    return packed


@pytest.mark.parametrize("style", ["gnu", "posix"])
@pytest.mark.parametrize("kind", ["tar", "tar.gz"])
def test_sparse_members_have_their_holes(tmp_path: Path, style: str, kind: str) -> None:
    packed = sparse_tar(tmp_path, style, 8 * MIB)
    assert packed.stat().st_size < MIB
    taken = take_bytes(tmp_path, COMPRESS[kind](packed.read_bytes()), "input")
    assert taken.contents["open-1"] == (tmp_path / "open-1").read_bytes()
    assert taken.files["open-1"].size == 8 * MIB


def test_a_sparse_bomb_is_refused(tmp_path: Path) -> None:
    packed = sparse_tar(tmp_path, "gnu", 1 << 30)
    tracemalloc.start()
    taken = take(packed)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken.codes == ["COMPRESSION_RATIO_MAX"]
    assert peak < 64 * MIB


def test_a_cut_sparse_member_is_cut(tmp_path: Path) -> None:
    packed = sparse_tar(tmp_path, "gnu", 8 * MIB)
    data = packed.read_bytes()
    end = data.rindex(b"e" * 100)
    taken = take_bytes(tmp_path, data[: end - 2000], "input")
    assert taken.files["open-1"].cut


# --- zip ---


def zipped(*files: tuple[str, bytes], mode: int = stat.S_IFREG | 0o600) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, content)
    return buffer.getvalue()


def test_zip_members(tmp_path: Path) -> None:
    taken = take_bytes(tmp_path, zipped(("n1/metadata1", bytes(32)), ("n1/open-1", LARGE)))
    assert taken.contents == {"n1/metadata1": bytes(32), "n1/open-1": LARGE}


def test_zip_names_are_refused_alike(tmp_path: Path) -> None:
    taken = take_bytes(tmp_path, zipped(("a/../../b", b""), ("n1/metadata1", bytes(32))))
    assert taken.codes == ["name-parent"]
    assert list(taken.files) == ["n1/metadata1"]


def test_a_zip_member_without_a_name_is_refused(tmp_path: Path) -> None:
    """Zipfile cuts names at a NUL, so that damage can leave none."""
    data = zipped(("Xn", b"x"), ("n1/metadata1", bytes(32))).replace(b"Xn", b"\0n")
    taken = take_bytes(tmp_path, data)
    assert taken.codes == ["name-empty"]
    assert list(taken.files) == ["n1/metadata1"]


def test_zip_links(tmp_path: Path) -> None:
    taken = take_bytes(tmp_path, zipped(("n1/a", b"/etc/passwd"), mode=stat.S_IFLNK | 0o777))
    assert taken.files["n1/a"].kind is Kind.LINK
    assert taken.files["n1/a"].target == "/etc/passwd"


def test_zip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "RATIO_GRACE_BYTES", 4 * MIB)
    monkeypatch.setattr(budget, "ALLOWED", {**budget.ALLOWED, "COMPRESSION_RATIO_MAX": 100})
    taken = take_bytes(tmp_path, zipped(("n1/open-1", bytes(32 * MIB)), ("n1/open-2", bytes(MIB))))
    assert taken.codes == ["COMPRESSION_RATIO_MAX"]
    assert taken.contents == {}


def test_many_small_zip_bombs_count_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "RATIO_GRACE_BYTES", 4 * MIB)
    monkeypatch.setattr(budget, "ALLOWED", {**budget.ALLOWED, "COMPRESSION_RATIO_MAX": 100})
    taken = take_bytes(tmp_path, zipped(*((f"n1/{n}", bytes(3 * MIB)) for n in range(10))))
    assert taken.codes == ["COMPRESSION_RATIO_MAX"]
    assert len(taken.contents) == 1


def test_damaged_zip_members(tmp_path: Path) -> None:
    data = bytearray(zipped(("n1/open-1", LARGE), ("n1/metadata1", bytes(32))))
    data[1000:1100] = b"\xa5" * 100
    taken = take_bytes(tmp_path, bytes(data))
    assert taken.codes == ["archive-damaged"]
    assert taken.contents == {"n1/metadata1": bytes(32)}


def test_a_cut_zip_is_refused_as_a_whole(tmp_path: Path) -> None:
    """Its directory is at its end."""
    taken = take_bytes(tmp_path, zipped(("n1/open-1", LARGE))[:-50])
    assert taken.codes == ["archive-unreadable"]


# --- nested ---


def test_archives_in_archives_are_followed(tmp_path: Path) -> None:
    inner = COMPRESS["tar.xz"](tar(file("sosreport-n1/metadata1", bytes(32))))
    taken = take_bytes(tmp_path, COMPRESS["tar.gz"](tar(file("top/sosreport-n1.tar.xz", inner), file("top/log"))))
    assert taken.contents["top/sosreport-n1.tar.xz!/sosreport-n1/metadata1"] == bytes(32)


def test_nesting_has_an_end(tmp_path: Path) -> None:
    data = tar(file("metadata1", bytes(32)))
    for _ in range(ARCHIVE_DEPTH_MAX + 1):
        data = tar(file("x.tar", data))
    taken = take_bytes(tmp_path, data)
    assert taken.codes == ["ARCHIVE_DEPTH_MAX"]


def test_backups_of_a_product_are_not_followed(tmp_path: Path) -> None:
    """They hold another state of the same node; it would be taken for a second node."""
    inner = COMPRESS["tar.gz"](tar(file("database/metadata1", bytes(32))))
    names = ["recovery_db.tar.gz", "db_backup.2026-01-01T000000Z.tar.gz"]
    taken = take_bytes(tmp_path, tar(*(file(f"state/{name}", inner) for name in names)))
    assert set(taken.files) == {f"state/{name}" for name in names}


def test_a_name_alone_makes_no_archive(tmp_path: Path) -> None:
    taken = take_bytes(tmp_path, tar(file("n1/notes.tar.gz", b"just text\n")))
    assert list(taken.files) == ["n1/notes.tar.gz"]
    assert taken.refusals == []


# --- inputs ---


@pytest.mark.parametrize("make", ["missing", "pipe"])
def test_inputs_that_cannot_be_read(tmp_path: Path, make: str) -> None:
    where = tmp_path / "input"
    if make == "pipe":
        os.mkfifo(where)
    with pytest.raises(InputError):
        take(where)


@pytest.mark.parametrize("size", [0, 1, 100, 511, 512, 513, 1024, 1500])
def test_every_beginning_of_an_archive_is_answered(tmp_path: Path, size: int) -> None:
    for kind, compress in COMPRESS.items():
        data = compress(SAMPLE)[:size]
        if data:
            taken = take_bytes(tmp_path, data, f"{size}.{kind}")
            assert taken.files or taken.refusals
