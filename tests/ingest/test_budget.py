"""One budget for a run: what is packed in what, all together, ends in time, in space, and with a refusal."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from forensics.budget import ALLOWED, Budget, LimitError
from forensics.ingest.source import open_source, read_source
from forensics.ingest.spool import Spool, SpoolFullError
from forensics.limits import GIB, KIB, MIB, RATIO_GRACE_BYTES
from tests.made_archives import COMPRESS, Taken, bomb, file, tar

SECONDS = 10.0  # of the processor; before, 20 GB were unpacked, which took minutes
LOG = 10 * GIB
SOSREPORT = 20 * GIB


def taken_from(path: Path, budget: Budget) -> Taken:
    with Spool(budget) as spool:
        return Taken(read_source(open_source(str(path), spool), "", lambda _: True, spool))


def test_archives_inside_of_a_bomb_do_not_multiply(tmp_path: Path) -> None:
    (tmp_path / "bomb.tar.xz").write_bytes(bomb())
    assert (tmp_path / "bomb.tar.xz").stat().st_size < 16 * KIB
    (tmp_path / "healthy.tar.gz").write_bytes(COMPRESS["tar.gz"](tar(file("n2/metadata1", os.urandom(MIB)))))
    budget = Budget()
    start = time.process_time()
    taken = taken_from(tmp_path, budget)
    assert time.process_time() - start < SECONDS
    assert set(taken.codes) == {"COMPRESSION_RATIO_MAX"}
    assert "`--limit COMPRESSION_RATIO_MAX=" in taken.refusals[0].detail
    assert len(taken.contents["healthy.tar.gz!/n2/metadata1"]) == MIB  # it has a share of its own
    # of the bomb the grace, and beside it the other archive with its header, padding and end
    assert budget.taken["DECOMPRESSED_BYTES_MAX"] <= RATIO_GRACE_BYTES + 2 * MIB


@pytest.mark.parametrize(
    ("given", "out"),
    [(LOG // 1000, LOG), (SOSREPORT, 10 * SOSREPORT), (SOSREPORT // 20, SOSREPORT)],
    ids=["log-of-zeros", "sosreport-packed", "sosreport-unpacked"],
)
def test_what_real_uploads_need_is_within(given: int, out: int) -> None:
    """By arithmetic, as unpacking 200 GB takes too long here; the outer archive of two holds the inner one packed."""
    budget = Budget()
    budget.take("INPUT_BYTES_MAX", given)
    with budget.reading(given):
        budget.unpack(given)
        for _ in range(out // GIB):
            budget.unpack(GIB)


def test_all_inputs_count_together() -> None:
    """Two that fit alone: 300 GiB of 512 each; what was refused counts for nothing."""
    budget = Budget()
    for left in (212, 0):
        with budget.reading(GIB):
            if not left:
                with pytest.raises(LimitError, match="DECOMPRESSED_BYTES_MAX"):
                    budget.unpack(300 * GIB)
                budget.unpack(212 * GIB)
            else:
                budget.unpack(300 * GIB)
        assert ALLOWED["DECOMPRESSED_BYTES_MAX"] - budget.taken["DECOMPRESSED_BYTES_MAX"] == left * GIB


def test_a_file_without_room_costs_itself(tmp_path: Path) -> None:
    files = [file("n1/open-1", bytes(3 * MIB)), file("n1/open-2", bytes(MIB)), file("n1/metadata1", bytes(32))]
    (tmp_path / "a.tar.gz").write_bytes(COMPRESS["tar.gz"](tar(*files)))
    taken = taken_from(tmp_path / "a.tar.gz", Budget({"SPOOL_BYTES_MAX": 2 * MIB}))
    assert [(refusal.path, refusal.code) for refusal in taken.refusals] == [("n1/open-1", "SPOOL_BYTES_MAX")]
    assert f"--limit SPOOL_BYTES_MAX={4 * MIB}" in taken.refusals[0].detail
    assert {path: len(content) for path, content in taken.contents.items()} == {"n1/open-2": MIB, "n1/metadata1": 32}


def test_the_spool_stays_below_what_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """100 blocks of 4 KiB are free: 409,600 bytes, of which 368,640 may be taken."""

    class Disk:
        f_bavail, f_frsize = 100, 4 * KIB

    monkeypatch.setattr("forensics.ingest.spool.os.fstatvfs", lambda _: Disk)
    with Spool() as spool:
        spool.begin(368_640)
        with pytest.raises(SpoolFullError, match="TMPDIR"):
            spool.begin(368_641)
    assert ALLOWED["SPOOL_BYTES_MAX"] < 64 * GIB


def test_small_files_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("forensics.ingest.spool.MEMORY_FILES_BYTES_MAX", 100 * KIB)
    files = [file(f"n1/{number}", bytes([number]) * 40 * KIB) for number in range(4)]
    (tmp_path / "a.tar.gz").write_bytes(COMPRESS["tar.gz"](tar(*files)))
    budget = Budget()
    assert taken_from(tmp_path / "a.tar.gz", budget).contents["n1/3"] == b"\3" * 40 * KIB
    assert budget.most["SPOOL_BYTES_MAX"] == 80 * KIB  # two were held in memory
    assert budget.taken["SPOOL_BYTES_MAX"] == 0  # given back


def test_a_full_temporary_disk_costs_files_and_not_the_run(tmp_path: Path) -> None:
    """No file of this process may grow beyond 64 KiB, as where the disk is full."""
    files = [file("n1/0000000000000001-0000000000000002", os.urandom(MIB)), file("n1/metadata1", bytes(32))]
    (tmp_path / "a.tar.gz").write_bytes(COMPRESS["tar.gz"](tar(*files)))
    ended = subprocess.run(
        [sys.executable, "-m", "forensics", "analyze", "--fail-on", "never", str(tmp_path / "a.tar.gz")],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (64 * KIB, 64 * KIB)),
    )
    assert ended.returncode == 4, ended.stderr
    assert "temporary space" in ended.stderr + ended.stdout


@pytest.mark.parametrize("how", ["tar.gz", "tar.xz", "tar.bz2", "tar.zst", "tar.lz4"])
def test_what_is_read_to_its_end_is_no_bomb(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random bytes, which no packer makes less of; reading past the last of them unpacks nothing more."""
    monkeypatch.setattr("forensics.budget.RATIO_GRACE_BYTES", 0)
    (tmp_path / f"log.{how}").write_bytes(COMPRESS[how](tar(file("n1/metadata1", os.urandom(MIB)))))
    assert taken_from(tmp_path / f"log.{how}", Budget({"COMPRESSION_RATIO_MAX": 2})).codes == []
