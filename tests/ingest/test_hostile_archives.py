"""Archives that are made to keep a reader busy, to fill its memory, or to be read in no way: an answer comes."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tracemalloc
import zipfile
from pathlib import Path
from random import Random

import pytest

from forensics.limits import MIB
from tests.made_archives import file, take_bytes, tar

SECONDS = 60  # an endless loop never ends; all of these take less than one


def _backwards(claim: bytes) -> bytes:
    """A good file, then one whose header claims a negative size: base-256 digits, or a pax record."""
    good = tar(file("n1/metadata1", bytes(32)))[:1024]
    if claim == b"base-256":
        header = bytearray(file("n1/open-1")[0].tobuf(tarfile.USTAR_FORMAT))
        header[124:136] = b"\xff" * 10 + b"\xf8\x00"  # -2048, as GNU tar writes numbers beyond octal
        header[148:156] = b" " * 8
        header[148:156] = b"%06o\0 " % sum(header)
        return good + bytes(header) + bytes(1024)
    record = b"14 size=-4096\n"
    pax, _ = file("pax", record)
    pax.type = tarfile.XHDTYPE
    return (
        good
        + pax.tobuf(tarfile.USTAR_FORMAT)
        + record.ljust(512, b"\0")
        + file("n1/open-1")[0].tobuf(tarfile.USTAR_FORMAT)
        + bytes(1536)
    )


@pytest.mark.parametrize("claim", [b"base-256", b"pax"])
def test_a_negative_size_leads_nowhere_twice(tmp_path: Path, claim: bytes) -> None:
    (tmp_path / "input.tar").write_bytes(_backwards(claim))
    command = [sys.executable, "-m", "forensics", "analyze", str(tmp_path / "input.tar"), "--json", "-", "-q"]
    done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    assert done.returncode in (1, 4)
    assert b"archive-damaged" in done.stdout
    assert b"n1/metadata1" in done.stdout


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
def test_headers_of_a_plain_tar_are_not_read_whole(tmp_path: Path, kind: bytes) -> None:
    """Tarfile takes a long name or a pax record into memory; here it claims 64 MiB, all of them there."""
    info, _ = file("long")
    info.type, info.size = kind, 64 * MIB
    data = tar(file("n1/metadata1", bytes(32)))[:1024] + info.tobuf(tarfile.USTAR_FORMAT) + bytes(64 * MIB + 1024)
    (tmp_path / "input.tar").write_bytes(data)
    del data
    tracemalloc.start()
    taken = take_bytes(tmp_path, (tmp_path / "input.tar").read_bytes())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "n1/metadata1" in taken.files
    assert taken.refusals
    assert peak < 2 * 64 * MIB  # the test's own copy is one


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damage_anywhere_in_a_zip_is_answered(tmp_path: Path, method: int) -> None:
    """200 damaged copies: whatever zipfile or a decompressor raises is a refusal, or the content is whole."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as out:
        out.writestr("n1/metadata1", bytes(range(32)))
        out.writestr("n1/info.yaml", b"Address: 10.0.0.1:9000\nID: 1\nRole: 0\n" * 20)
    whole = buffer.getvalue()
    r = Random(f"zip {method}")  # noqa: S311 - repeatable, not secret
    refused = 0
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(r.choice([1, 2, 8])):
            data[r.randrange(len(data))] = r.randrange(256)
        taken = take_bytes(tmp_path, bytes(data), "input.zip")
        refused += bool(taken.refusals)
    assert refused > 50
