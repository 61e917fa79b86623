"""Small archives that cost much: each header or stream is bounded, and the time grows with the bytes."""

from __future__ import annotations

import lzma
import tarfile
import time
import zlib
from pathlib import Path

import pytest

from forensics.budget import Budget
from forensics.evidence import BytesBlob
from forensics.ingest.content import SparseBlob
from forensics.ingest.streams import open_compressed
from forensics.limits import MIB, PAX_BYTES_MAX
from tests.made_archives import COMPRESS, file, take_bytes, tar

SECONDS = 5.0  # of the processor; before, each took more, or minutes


def _record(key: str, value: str) -> bytes:
    text = f" {key}={value}\n"
    size = len(text) + len(str(len(text) + 3))
    return f"{size}{text}".encode()


def _with_pax(kind: bytes, records: bytes, files: int) -> bytes:
    info, _ = file("pax", records)
    info.type = kind
    padded = records.ljust(-(-len(records) // 512) * 512, b"\0")
    rest = tar(*(file(f"n1/{number}", bytes(1)) for number in range(files)))
    return info.tobuf(tarfile.USTAR_FORMAT) + padded + rest


@pytest.mark.parametrize("compression", ["tar", "tar.gz"])
@pytest.mark.parametrize(
    ("kind", "records", "files"),
    [
        (tarfile.XGLTYPE, b"".join(_record(f"a{number:07}", "x") for number in range(40_000)), 3000),
        (tarfile.XHDTYPE, b"1" * MIB, 3),
        (tarfile.XHDTYPE, b"1" * 70_000 + b"\n", 3),
        (tarfile.XHDTYPE, _record("comment", "x" * PAX_BYTES_MAX), 3),
    ],
    ids=["global", "digits", "fewer-digits", "long"],
)
def test_hostile_pax_records_are_passed_over(
    tmp_path: Path, kind: bytes, records: bytes, files: int, compression: str
) -> None:
    start = time.process_time()
    made = _with_pax(kind, records, files)
    taken = take_bytes(tmp_path, made if compression == "tar" else COMPRESS[compression](made))
    assert time.process_time() - start < SECONDS
    assert taken.codes == ["archive-damaged"]
    assert {f"n1/{number}" for number in range(files)} == set(taken.contents)


def test_pax_records_of_real_archives_are_taken(tmp_path: Path) -> None:
    """What git archive and GNU tar write: a comment for all files, times and a long name for one."""
    info, content = file("n1/" + "0" * 60 + "a" * 200, b"x")
    info.mtime = 1700000000.5
    made = tar(file("n1/metadata1", bytes(32)), (info, content))
    comment = _with_pax(tarfile.XGLTYPE, _record("comment", "0" * 40), 1)[:1024]
    taken = take_bytes(tmp_path, comment + made)
    assert taken.codes == []
    assert set(taken.contents) == {"n1/metadata1", info.name}


def test_a_dictionary_beyond_the_limit_is_refused() -> None:
    """The filter claims 1.5 GiB; the stream is otherwise sound."""
    chain = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20, "preset": 0}]
    made = bytearray(lzma.compress(b"x" * 100, filters=chain))
    header = made[12 : 12 + 4 * (made[12] + 1)]
    at = header.index(b"\x21\x01") + 2  # LZMA2, one byte of properties: the size of the dictionary
    header[at] = 37  # 3 << (37 // 2 + 11): 1.5 GiB (xz's file format, 5.3.1)
    header[-4:] = zlib.crc32(header[:-4]).to_bytes(4, "little")
    made[12 : 12 + len(header)] = header
    reader = open_compressed(BytesBlob("a.xz", bytes(made)), "xz", Budget())
    assert reader.read(10) == b""
    assert (reader.refused, reader.damage) == ("XZ_MEMORY_BYTES_MAX", None)


def test_xz_streams_follow_each_other_with_padding() -> None:
    made = lzma.compress(b"a" * 100_000) + bytes(8) + lzma.compress(b"b") + bytes(4)
    reader = open_compressed(BytesBlob("a.xz", made), "xz", Budget())
    assert reader.read(200_000) == b"a" * 100_000 + b"b"
    assert reader.damage is None
    cut = open_compressed(BytesBlob("a.xz", made[:60]), "xz", Budget())
    cut.read(200_000)
    assert cut.damage is not None


def test_a_map_of_many_pieces_is_read_at_the_speed_of_its_bytes() -> None:
    count = 100_000
    blob = SparseBlob("s", count * 10, BytesBlob("tar", b"y" * count), 0, [(10 * n, 1) for n in range(count)])
    start = time.process_time()
    content = b"".join(blob.read(at, 100) for at in range(0, blob.size, 100))
    assert time.process_time() - start < SECONDS  # a minute when each read looked at all pieces
    assert content == b"y\0\0\0\0\0\0\0\0\0" * count
