"""The largest upload that people really send: it has to pass, and everything in it that is a node's has to be read.

A sosreport with every log: 20 GB in a thousand files, one of them a journal of 10 GB, and a state directory among them.
Its size is what bounds are set by (forensics/limits.py); its text is that of `bench/journal_data.py`, again and again,
further apart than the packer looks back, so that it packs as a log does.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path
from typing import Final

from bench import journal_data
from forensics.check.build import build
from tests.fixtures import fixture

NODE: Final = "segment/single-flipped-bit"
FOUND: Final = "SEG009"  # its corrupt batch
BACKEND: Final = "sosreport-n1-2026-11-22-abcdefg/var/snap/microk8s/current/var/kubernetes/backend"
LOGS: Final = "sosreport-n1-2026-11-22-abcdefg/sos_commands"
JOURNAL_BYTES: Final = 10_000_000_000
POD_LOGS: Final = 1_000
POD_LOG_BYTES: Final = 10_000_000
_TIME: Final = 1_795_348_800  # 2026-11-22T12:00:00Z
_TEXT_BYTES: Final = 32_000_000  # `zstd -1` looks back half a megabyte


class _Repeated:
    """A text that begins anew at its end, for as long as somebody reads: fewer bytes at a time than it has."""

    def __init__(self, text: bytes) -> None:
        self._text, self._at = text, 0

    def read(self, size: int = 65_536, /) -> bytes:
        piece = self._text[self._at : self._at + size]
        piece += self._text[: size - len(piece)]
        self._at = (self._at + size) % len(self._text)
        return piece


def write(path: Path) -> None:
    """The report as `.tar.zst`. Raises OSError where it cannot be written."""
    call = ["zstd", "-1", "-q", "-T1"]
    with path.open("wb") as out, subprocess.Popen(call, stdin=subprocess.PIPE, stdout=out) as packer:
        assert packer.stdin is not None
        with packer.stdin as pipe, tarfile.open(fileobj=pipe, mode="w|") as archive:
            _fill(archive)
    if packer.returncode:
        raise OSError(f"zstd ended with {packer.returncode}")


def _fill(archive: tarfile.TarFile) -> None:
    for name, file in build(fixture(NODE)).items():
        _add(archive, f"{BACKEND}/{Path(name).name}", len(file.content), io.BytesIO(file.content))
    text = _Repeated(b"".join(journal_data.lines(_TEXT_BYTES)))
    _add(archive, f"{LOGS}/logs/journalctl_--no-pager", JOURNAL_BYTES, text)
    for number in range(POD_LOGS):
        pod = f"{LOGS}/kubernetes/cluster-info/kube-system/pod-{number}/logs"
        _add(archive, pod, POD_LOG_BYTES, text)


def _add(archive: tarfile.TarFile, name: str, size: int, content: _Repeated | io.BytesIO) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, _TIME, 0o644
    archive.addfile(info, content)
