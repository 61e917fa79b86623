"""Times that an archive, a listing, a log or a certificate may claim, and that no calendar has, or hardly."""

from __future__ import annotations

import io
import math
import tarfile
from pathlib import Path

import pytest

from forensics.check.build import build, pack
from forensics.check.tree import File, Tree
from forensics.cli import main
from forensics.ingest.files import believable_time
from forensics.report.formats import FORMATS, WRITTEN
from tests.fixtures import fixture

YEARS = (-1, 0, 1, 1969, 9999, 10_000, 99_999)
ROOT = "sosreport-n1-2026-11-24-abcdefg"


@pytest.mark.parametrize("seconds", [math.nan, math.inf, -math.inf, -1.0, 2.0**60, 253_402_300_800.0])
def test_beyond_the_calendar_is_no_time(seconds: float) -> None:
    assert believable_time(seconds) is None


@pytest.mark.parametrize("seconds", [0.0, 1_795_438_728.0, 253_402_214_400.0])
def test_a_time_within_it_stays(seconds: float) -> None:
    assert believable_time(seconds) == seconds


@pytest.fixture(scope="module")
def nodes() -> Tree:
    return build(fixture("healthy/k8sd"))


@pytest.mark.parametrize(
    "seconds", ["-62135596800", "-1", "253402214400", "253402300799", "8589934592", "1e300", "nan"]
)
def test_of_files(seconds: str, nodes: Tree, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As the extended headers of a tar have them; with a log whose lines have no year."""
    into = io.BytesIO()
    extended = {"mtime": seconds}  # of all files
    with tarfile.open(fileobj=into, mode="w", format=tarfile.PAX_FORMAT, pax_headers=extended) as archive:
        for path, file in {**nodes, f"{ROOT}/sos_commands/logs/journalctl_--no-pager": File(log(2026))}.items():
            info = tarfile.TarInfo(path)
            info.size = len(file.content)
            archive.addfile(info, io.BytesIO(file.content))
    nothing_breaks(into.getvalue(), tmp_path, capsys)


@pytest.mark.parametrize("year", YEARS)
def test_of_texts(year: int, nodes: Tree, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the collection, its journals, listings, tables, YAML and what openssl prints of certificates."""
    texts = {
        f"{ROOT}/date": f"Thu Jan  1 00:00:00 UTC {year:04}\n".encode(),
        f"{ROOT}/sos_commands/logs/journalctl_--no-pager": log(year),
        f"{ROOT}/sos_commands/microovn/openssl_x509_-in_.var.snap.server.crt_-noout_-dates": (
            f"notBefore=Jan  1 00:00:00 {year:04} GMT\nnotAfter=Dec 31 23:59:59 {year:04} GMT\n".encode()
        ),
        "notes.txt": listing(year) + table(year),
    }
    yaml = {
        path: File(file.content + f"\nwhen: {year:04}-01-01T00:00:00Z\nday: {year:04}-12-31\n".encode())
        for path, file in nodes.items()
        if path.endswith(".yaml")
    }
    upload = {**nodes, **yaml, **{path: File(text) for path, text in texts.items()}}
    nothing_breaks(pack(upload, "tar"), tmp_path, capsys)


def log(year: int) -> bytes:
    """The first and the last moment of a year, in every zone, and a leap second; and a line without a year."""
    moments = [
        f"{year:04}-{day}T{clock}"
        for day in ("01-01", "02-29", "12-31")
        for clock in ("00:00:00Z", "00:00:00-14:00", "23:59:59.999999999+14:00", "23:59:60+00:00", "12:00:00")
    ]
    lines = [f'{moment} n1 k8s.k8sd[1]: level=error msg="no known leader"' for moment in moments]
    return "\n".join([*lines, "Dec 31 23:59:59 n1 k8sd[1]: no known leader", ""]).encode()


def listing(year: int) -> bytes:
    lines = (
        "$ ls -l /var/snap/k8s/common/var/lib/k8sd/state/database",
        "total 4",
        f"-rw------- 1 root root 32 {year:04}-01-01 00:00:00.000000000 +1400 metadata1",
        f"-rw------- 1 root root 32 {year:04}-12-31 23:59:59.000000000 -1400 0000000000000001-0000000000000005",
        f"-rw------- 1 root root 32 Jan  1  {year:04} open-1",
    )
    return "\n".join([*lines, ""]).encode()


def table(year: int) -> bytes:
    line = "+------+---------------+-------+----------------------+"
    rows = (
        "| NAME |    ADDRESS    | ROLE  |    LAST HEARTBEAT    |",
        f"| n1   | 10.0.0.1:6400 | voter | {year:04}-01-01T00:00:00Z |",
    )
    return "\n".join([line, rows[0], line, rows[1], line, ""]).encode()


def nothing_breaks(upload: bytes, space: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every format is written, and from the report again; nothing is said to have failed."""
    path, report = space / "upload.tar", str(space / "report.json")
    path.write_bytes(upload)
    written = [part for name in WRITTEN for part in (f"--{name}", str(space / f"report.{name}"))]
    assert main(["analyze", str(path), "-q", *written]) in (0, 1, 4)
    assert "failed" not in capsys.readouterr().err
    for name in FORMATS:
        assert main(["convert", report, "--format", name, "-o", str(space / "again")]) == 0
