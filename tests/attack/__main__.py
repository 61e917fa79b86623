"""`make attack`: what a hostile input, disk, machine or operator can do to a run, and a table of what held.

Each row runs the command as users do, in a private temporary folder, and asks the same of it: an exit code that the
documentation knows, no traceback, nothing left behind, evidence as it was, an end in time.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from forensics.check.build import build, write
from forensics.check.tree import tar_of
from forensics.limits import GIB, KIB, MIB
from tests.attack import large
from tests.attack.costly import COSTLY
from tests.fixtures import fixture
from tests.made_archives import bomb

SECONDS_MAX: Final = 120
LARGE_SECONDS_MAX: Final = 1800
EXITS: Final = frozenset({0, 1, 2, 3, 4, 6})
SIGNALS: Final = int(os.environ.get("SIGNALS", "200"))

SHIM: Final = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
static int bad(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n < 0) return 0;
  path[n] = 0;
  return strstr(path, "metadata1") || strstr(path, "cluster.yaml") || strstr(path, "-0000000000");
}
#define FAULTY(NAME, PARAMETERS, ARGUMENTS)                         \
  ssize_t NAME PARAMETERS {                                         \
    ssize_t (*real) PARAMETERS = dlsym(RTLD_NEXT, #NAME);           \
    if (bad(fd)) { errno = EIO; return -1; }                        \
    return real ARGUMENTS;                                          \
  }
FAULTY(read, (int fd, void *to, size_t n), (fd, to, n))
FAULTY(pread64, (int fd, void *to, size_t n, off_t at), (fd, to, n, at))
FAULTY(preadv64, (int fd, const struct iovec *to, int n, off_t at), (fd, to, n, at))
"""
"""Reading some files fails as on a bad disk, whatever reads them."""


@dataclass(slots=True)
class Row:
    """One line of the table: what was tried, how often, and what did not hold."""

    what: str
    tried: int = 0
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Run:
    """How one run ended."""

    code: int
    said: str
    left: list[str]
    seconds: float
    of_processor: float

    def wrong(self, allowed: frozenset[int], seconds: float = SECONDS_MAX) -> str:
        """What did not hold; empty where all did."""
        if self.code not in allowed:
            return f"exit {self.code}: {self.said[-200:]}"
        if "Traceback" in self.said:
            return "a traceback"
        if self.left:
            return f"left behind: {self.left[0]}"
        return "too slow" if self.seconds > seconds else ""


def command(
    *arguments: str,
    private: str = "",
    before: Callable[[], None] | None = None,
    stop: float = 0.0,
    signal_number: int = 0,
    shim: str = "",
    seconds: float = SECONDS_MAX,
) -> Run:
    """Run it; with `stop` send a signal after so many seconds. `private`: an empty folder for temporary files."""
    with nullcontext(private) if private else tempfile.TemporaryDirectory(prefix="attack-") as place:
        environment = {**os.environ, "TMPDIR": place, **({"LD_PRELOAD": shim} if shim else {})}
        start, before_it = time.monotonic(), processor_seconds()
        with subprocess.Popen(
            [sys.executable, "-m", "forensics", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
            preexec_fn=before,  # noqa: PLW1509 - no threads here
        ) as process:
            try:
                if signal_number:
                    process.wait(stop)
            except subprocess.TimeoutExpired:
                process.send_signal(signal_number)
            try:
                _, said = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                _, said = process.communicate()
        taken = time.monotonic() - start, processor_seconds() - before_it
        return Run(process.returncode, said.decode("utf-8", "replace"), os.listdir(place), *taken)


def processor_seconds() -> float:
    """Of all processes that ended below this one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def archives() -> Iterator[tuple[str, bytes]]:
    """Hostile ones, by what is hostile in them."""
    info = tarfile.TarInfo("n1/metadata1")
    good = io.BytesIO()
    with tarfile.open(fileobj=good, mode="w") as tar:
        tar.addfile(info)
    records = b"".join(b"13 a%06d=x\n" % number for number in range(30_000))
    for kind, content in ((tarfile.XGLTYPE, records), (tarfile.XHDTYPE, b"1" * MIB)):
        header = tarfile.TarInfo("pax")
        header.type, header.size = kind, len(content)
        padded = content.ljust(-(-len(content) // 512) * 512, b"\0")
        yield f"pax records {kind.decode()}", header.tobuf(tarfile.USTAR_FORMAT) + padded + good.getvalue()
    yield "archives that multiply", bomb()
    yield "zeros", gzip.compress(bytes(600 * MIB), 1)
    yield "noise", random.Random(1).randbytes(MIB)  # noqa: S311 - the same each time
    for cut in (100, 511, 513, 1000):
        yield f"cut at {cut}", good.getvalue()[:cut]


def try_archives(folder: Path) -> Row:
    """See archives."""
    row = Row("hostile archives")
    for what, content in archives():
        path = folder / "hostile.tar"
        path.write_bytes(content)
        row.tried += 1
        if wrong := command("analyze", str(path), "-q").wrong(EXITS):
            row.failed.append(f"{what}: {wrong}")
        path.unlink()
    return row


def try_costly(folder: Path) -> Iterator[Row]:
    """See COSTLY: a row for each, with what it took."""
    for costly in COSTLY:
        path = folder / "costly"
        costly.make(path)
        run = command("analyze", str(path), "-q", "--fail-on", "never", seconds=10 * costly.seconds)
        row = Row(f"{costly.what}: {run.of_processor:.1f} s of {costly.seconds:g}", 1)
        if wrong := run.wrong(EXITS, 10 * costly.seconds):
            row.failed.append(wrong)
        elif run.of_processor > costly.seconds:
            row.failed.append("too slow")
        path.unlink()
        yield row


def try_large(folder: Path) -> Iterator[Row]:
    """The largest real upload: see tests/attack/large.py. What is wrong with its node is told as without the logs."""
    path, output = folder / "large.tar.zst", folder / "report"
    large.write(path)
    run = command("analyze", str(path), "-q", "--output", str(output), "--fail-on", "never", seconds=LARGE_SECONDS_MAX)
    row = Row(f"20 GB sosreport: {run.of_processor:.0f} s of processor", 1)
    if wrong := run.wrong(frozenset({0}), LARGE_SECONDS_MAX):
        row.failed.append(wrong)
    elif large.FOUND not in {one["rule"] for one in json.loads((output / "report.json").read_bytes())["findings"]}:
        row.failed.append(f"{large.FOUND} was not found")
    path.unlink()
    yield row


def try_signals(evidence: Path, number: int, code: int) -> Row:
    """At random moments of a run."""
    row = Row(f"{signal.Signals(number).name} at random moments")
    chance = random.Random()  # noqa: S311 - moments
    for _ in range(SIGNALS // 2):
        row.tried += 1
        stop = chance.uniform(0.3, 3.0)
        run = command("analyze", str(evidence), "-q", stop=stop, signal_number=number)
        starting = {-number} if not run.said else set()  # while Python starts nobody catches it: a shell says `code`
        if wrong := run.wrong(EXITS | {code} | starting):
            row.failed.append(f"after {stop:.2f} s: {wrong}")
    return row


def try_memory(evidence: Path) -> Row:
    """Less and less address space. Where nothing can be done it is said, in one line."""
    row = Row("little memory")
    for limit in (4 * GIB, 2 * GIB, GIB, 512 * MIB):
        row.tried += 1
        before = partial(resource.setrlimit, resource.RLIMIT_AS, (limit, limit))
        if wrong := command("analyze", str(evidence), "-q", before=before).wrong(EXITS):
            row.failed.append(f"{limit // MIB} MiB: {wrong}")
    return row


def try_full_disk(evidence: Path, folder: Path) -> Row:
    """No file may grow beyond so many bytes, as on a full disk."""
    row = Row("full disk")
    for limit in (0, 4 * KIB, 64 * KIB, MIB):
        row.tried += 1
        before = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit))
        output = folder / f"report-{limit}"
        run = command("analyze", str(evidence), "-q", "--output", str(output), before=before)
        if wrong := run.wrong(EXITS):
            row.failed.append(f"{limit} bytes: {wrong}")
    return row


def try_full_tmpfs(evidence: Path, folder: Path) -> Row:
    """A temporary folder of a few blocks, which files of compressed archives do not fit into."""
    row = Row("full temporary disk")
    packed, small = folder / "packed.tar.gz", folder / "small"
    packed.write_bytes(gzip.compress(evidence.read_bytes(), 1))
    small.mkdir()
    for size in (64 * KIB, MIB, 8 * MIB):
        if subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", small], capture_output=True, check=False
        ).returncode:
            break  # not allowed here
        row.tried += 1
        try:
            if wrong := command("analyze", str(packed), "-q", private=str(small)).wrong(frozenset({1, 4})):
                row.failed.append(f"{size // KIB} KiB: {wrong}")
        finally:
            subprocess.run(["umount", small], check=True)
    return row


def try_canaries() -> Row:
    """Planted secrets, in every output of every command: the suite counts them."""
    row = Row("canaries", 1)
    suite = [sys.executable, "-m", "pytest", "-n0", "-q", "tests/canaries"]
    ended = subprocess.run(suite, capture_output=True, text=True, check=False)
    if ended.returncode:
        row.failed.append(ended.stdout[-300:])
    return row


def try_bad_disk(tree: Path, folder: Path) -> Row:
    """Reading fails: see SHIM."""
    row = Row("errors while reading")
    source, shim = folder / "shim.c", folder / "shim.so"
    source.write_text(SHIM)
    made = subprocess.run(["gcc", "-shared", "-fPIC", "-o", shim, source, "-ldl"], capture_output=True, check=False)
    if made.returncode:
        row.failed.append("gcc is missing")
        return row
    for path in (tree, folder / "healthy.tar"):
        row.tried += 1
        if wrong := command("analyze", str(path), "-q", shim=str(shim)).wrong(EXITS - {0} if path is tree else EXITS):
            row.failed.append(f"{path.name}: {wrong}")
    return row


def try_endless_sql(evidence: Path) -> Row:
    """One call that never returns, and Ctrl-C."""
    row = Row("SQL that never returns")
    query = "SELECT instr(printf('%.*c', 60000000, 'a'), printf('%.*c', 30000000, 'a') || 'b')"
    for stop in (4.0, 8.0):
        row.tried += 1
        run = command("sql", str(evidence), query, stop=stop, signal_number=signal.SIGINT)
        if wrong := run.wrong(frozenset({130})):
            row.failed.append(wrong)
    return row


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    parser.add_argument(
        "--only", action="append", help="one kind of attack alone (archives, costly, …); may be repeated"
    )
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what it starts behind `&` ignore it
    tree = build(fixture("healthy/copied-under-load"))
    with tempfile.TemporaryDirectory(prefix="attack-") as work:
        folder = Path(work)
        evidence, unpacked = folder / "healthy.tar", folder / "tree"
        evidence.write_bytes(tar_of(tree))
        write(tree, unpacked)
        before = sha256(evidence.read_bytes()).hexdigest()
        tries: tuple[Callable[[], Row | Iterator[Row]], ...] = (
            partial(try_archives, folder),
            partial(try_costly, folder),
            partial(try_large, folder),
            partial(try_bad_disk, unpacked, folder),
            partial(try_full_disk, evidence, folder),
            partial(try_full_tmpfs, evidence, folder),
            partial(try_memory, evidence),
            partial(try_signals, evidence, signal.SIGINT, 130),
            partial(try_signals, evidence, signal.SIGTERM, 143),
            partial(try_endless_sql, evidence),
            try_canaries,
            partial(_untouched, evidence, before),
        )
        wanted = [attempt for attempt in tries if not options.only or name_of(attempt) in options.only]
        held = [_told(row) for attempt in wanted for row in _rows(attempt())]
    return int(not all(held))


def name_of(attempt: Callable[[], object]) -> str:
    """What `--only` calls it."""
    made = attempt.func if isinstance(attempt, partial) else attempt
    return made.__name__.removeprefix("try_").removeprefix("_")


def _rows(made: Row | Iterator[Row]) -> Iterator[Row]:
    if isinstance(made, Row):
        yield made
    else:
        yield from made


def _untouched(evidence: Path, before: str) -> Row:
    same = sha256(evidence.read_bytes()).hexdigest() == before
    return Row("evidence as it was", 1, [] if same else ["it was changed"])


def _told(row: Row) -> bool:
    print(f"{row.what:50} {row.tried:5} tried  {'FAILED' if row.failed else 'held'}")
    for failure in row.failed:
        print(f"  {failure}")
    sys.stdout.flush()
    return not row.failed


if __name__ == "__main__":
    sys.exit(main())
