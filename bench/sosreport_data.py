"""A sosreport as it is: 50 000 files and 1 GB, one of them a journal of 100 MB, and a state directory among them.

Where its proportions come from: that many files and bytes have the reports in sos' own issue tracker (how many the
largest have says forensics/limits.py); which folders there are is what `sos report` copies by default (sosreport/sos
sos/report/plugins: processor, block, pci and networking copy /sys and /proc file by file, most of one line; logs,
kubernetes and juju copy /var/log, cut to 25 MB a file; every plugin has its sos_commands). What stands in the tables
below is the share of each, in files and in bytes: an estimate, nobody counted them. Texts are of words and numbers that
repeat as in real logs: xz makes a fifth of them, as of a report.

`python -m bench.sosreport_data [--scale N]` makes one of 1/N of that size in the benchmark's folder, and prints where.
"""

from __future__ import annotations

import argparse
import io
import itertools
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench import journal_data
from fixtures.make import bench_data

_ROOT = "sosreport-node-1-2026-11-22-abcdefg"
_BASE = Path(__file__).parents[1] / "fixtures" / "bases" / "healthy.tar.xz"
_STATE = "var/snap/microk8s/current/var/kubernetes/backend"
_TIME = 1_795_348_800  # 2026-11-22T12:00:00Z
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """Files of one kind: how many, and how many bytes they have together; `{}` stands for a number."""

    name: str
    files: int
    size: int
    kind: str


PARTS = (
    Part("sys/devices/pci0000:00/0000:00:{}/power/runtime_status", 21_000, 1 * _MB, "value"),
    Part("proc/{}/status", 9_000, 9 * _MB, "table"),
    Part("sys/class/net/cali{}/statistics/rx_bytes", 6_000, 60_000, "value"),
    Part("etc/service-{}/config.conf", 3_000, 12 * _MB, "text"),
    Part("sos_commands/networking/ethtool_-S_cali{}", 4_000, 24 * _MB, "table"),
    Part("sos_commands/kubernetes/cluster-info/kube-system/pod-{}/logs", 2_200, 420 * _MB, "text"),
    Part("sos_commands/kubernetes/kubectl_describe_-n_app_pod_{}", 3_000, 30 * _MB, "text"),
    Part("usr/lib/systemd/system/unit-{}.service", 1_400, 2 * _MB, "text"),
    Part("sos_strings/logs/service-{}.log.tailed", 16, 400 * _MB, "text"),
)
JOURNALS = (("sos_commands/logs/journalctl_--no-pager", 100 * _MB),)
_SMALL = {
    "hostname": "node-1\n",
    "date": "Sun Nov 22 12:00:00 UTC 2026\n",
    "sos_commands/date/date_--utc": "Sun Nov 22 12:00:00 UTC 2026\n",
    "sos_commands/filesys/df_-al_-x_autofs": (
        "Filesystem     1K-blocks     Used Available Use% Mounted on\n"
        "/dev/vda1      101583780 40213884  61353512  40% /\n"
    ),
    "sos_commands/networking/ip_-o_addr": "2: eth0    inet 10.0.0.11/24 brd 10.0.0.255 scope global eth0\n",
    "sos_commands/snap/snap_list_--all": (
        "Name      Version  Rev    Tracking       Publisher   Notes\n"
        "microk8s  v1.28.7  6532   1.28/stable    canonical  classic\n"
    ),
    "sos_reports/manifest.json": '{"version": "1.0", "components": {}}\n',
}


def ensure(scale: int = 1) -> Path:
    """The report as `.tar.xz`, made where it is not there yet."""
    target = bench_data.directory() / f"scale-{scale}" / f"{_ROOT}.tar.xz"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        with part.open("wb") as out, subprocess.Popen(["xz", "-6", "-T1"], stdin=subprocess.PIPE, stdout=out) as packer:
            _pack(packer, scale)
        if packer.returncode:
            raise OSError(f"xz ended with {packer.returncode}")
        part.rename(target)
    return target


def _pack(packer: subprocess.Popen[bytes], scale: int) -> None:
    if packer.stdin is not None:
        with packer.stdin as pipe, tarfile.open(fileobj=pipe, mode="w|") as archive:
            _fill(archive, scale)


def journal(scale: int = 1) -> Path:
    """The report's journal as a file of its own."""
    target = bench_data.directory() / f"scale-{scale}" / "journal.log"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as out:
            out.writelines(journal_data.lines(JOURNALS[0][1] // scale))
    return target


def _fill(archive: tarfile.TarFile, scale: int) -> None:
    for name, text in _SMALL.items():
        _add(archive, name, text.encode())
    for part in PARTS:
        count = max(part.files // scale, 1)
        for number in range(count):
            name = part.name.format(f"{number:x}")
            _add(archive, name, _content(part.kind, part.size // scale // count, number))
    for name, size in JOURNALS:
        _add(archive, name, b"".join(journal_data.lines(size // scale)))
    with tarfile.open(_BASE) as base:
        for member in base:
            if member.isfile() and member.name.startswith("healthy/n1/") and (content := base.extractfile(member)):
                _add(archive, f"{_STATE}/{Path(member.name).name}", content.read())


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(f"{_ROOT}/{name}")
    info.size, info.mtime, info.mode = len(content), _TIME, 0o644
    archive.addfile(info, io.BytesIO(content))


def _content(kind: str, size: int, seed: int) -> bytes:
    if kind == "value":
        return f"{seed * 7919 % 10 ** max(size - 1, 1)}\n".encode()
    rng = Random(seed)  # noqa: S311 - repeatable, not secret
    made = _table(rng) if kind == "table" else _text(rng)
    pieces = itertools.takewhile(lambda piece: piece[0] < size, _counted(made))
    return b"".join(line for _, line in pieces)[:size]


def _counted(made: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    at = 0
    for line in made:
        yield at, line
        at += len(line)


def _table(rng: Random) -> Iterator[bytes]:
    for number in itertools.count():
        yield f"     rx_queue_{number}_packets: {rng.randrange(10**9)}\n".encode()


_WORDS = (
    *("reconcile", "started", "finished", "object", "event", "watch", "cache", "synced", "queue", "worker", "request"),
    *("response", "took", "status", "updated", "endpoint", "volume", "attached", "container", "image", "pulled"),
    *("probe", "succeeded", "ready", "node", "pod", "service", "namespace", "default", "system"),
)


def _text(rng: Random) -> Iterator[bytes]:
    for number in itertools.count():
        words = " ".join(rng.choices(_WORDS, k=rng.randrange(6, 14)))
        clock = f"{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}.{rng.randrange(10**6):06d}"
        uid = f"{rng.getrandbits(40):010x}" if number % 4 == 0 else f"{rng.randrange(10**4)}"
        yield f"2026-11-22T{clock}Z INFO [{rng.choice(_WORDS)}] {words} id={uid} ms={rng.randrange(900)}\n".encode()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.sosreport_data")
    parser.add_argument("--scale", type=int, default=1, help="one Nth of the size (default: 1)")
    print(ensure(parser.parse_args().scale))


if __name__ == "__main__":
    main()
