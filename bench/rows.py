"""The rows: what is measured against what, and how far it is to reach."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench import report_rows
from bench.run import TOOL, Spent, here, process, rounds
from bench.table import Bench, Row, one_core
from forensics.evidence import PathBlob
from forensics.facts.decoder import SegmentReader
from forensics.ingest.raft_names import parse_closed, parse_open

MB = 1_000_000


def decoding(bench: Bench) -> Iterator[Row]:
    """All segments of a directory, in one process on one core, against libraft's loading of the same ones."""
    program = bench.scratch / "load"
    source = Path(__file__).with_name("load.c")
    subprocess.run(["cc", "-O2", "-o", program, source, "-lraft", "-luv"], check=True, timeout=60)
    copy = bench.scratch / "copy"
    shutil.copytree(bench.set("large") / "n1", copy)
    for path in copy.glob("snapshot-*"):  # only segments are compared; the log starts at 1
        path.unlink()

    def libraft() -> Spent:
        spent = process([str(program), str(copy)])
        told = subprocess.run([program, copy], capture_output=True, text=True, check=True, timeout=300).stdout
        return Spent(float(told.split()[0]) / 1e3, spent.cpu)

    def ours() -> Spent:
        with one_core():
            return here(lambda: decode(bench.set("large") / "n1"))

    def read() -> Spent:
        with one_core():
            return here(lambda: [path.read_bytes() for path in segments(bench.set("large") / "n1")])

    took = rounds({"libraft": libraft, "ours": ours, "read": read}, bench.count)
    shutil.rmtree(copy)
    size = sum(path.stat().st_size for path in segments(bench.set("large") / "n1"))
    ratio = took["libraft"].wall / took["ours"].wall
    yield Row(
        "verify and decode all segments, one process, one core",
        "libraft's `load` of the same segments",
        "20 times as fast",
        f"{ratio:.1f} times: {took['ours']} against {took['libraft']} for {size / MB:.0f} MB "
        f"({size / took['ours'].wall / 1e9:.1f} GB/s; a plain read of the same bytes: {took['read']})",
        ratio >= 20,
    )


def archive(bench: Bench) -> Iterator[Row]:
    """A whole analysis of the .tar.gz against unpacking it."""
    target = bench.scratch / "unpacked"

    def unpack() -> Spent:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        os.sync()  # nobody pays for what another wrote
        return process(["tar", "-xzf", str(bench.archive), "-C", str(target)])

    def ours() -> Spent:
        os.sync()
        return bench.analyze(bench.archive)

    took = rounds({"tar": unpack, "ours": ours}, bench.count)
    shutil.rmtree(target)
    ratio = took["ours"].wall / took["tar"].wall
    yield Row(
        "whole `analyze` of the .tar.gz, members hashed, HTML and JSON written, both cores",
        "`tar -xzf` to the same disk",
        "0.4 of its time",
        f"{ratio:.2f} of it: {took['ours']} against {took['tar']}",
        ratio <= 0.4,
    )


def memory(bench: Bench) -> Iterator[Row]:
    """Peak memory as the log grows tenfold, and with a large database."""
    for kind in ("directory", ".tar.gz"):
        sources = {
            name: bench.set(name) / "n1" if kind == "directory" else bench.packed(name) for name in ("small", "large")
        }
        took = {name: bench.analyze(source) for name, source in sources.items()}
        small, large = took["small"].peak, took["large"].peak
        yield Row(
            f"peak memory of `analyze` of the {kind}, as the log grows from {_log_size(bench, 'small')} "
            f"to {_log_size(bench, 'large')}",
            "itself",
            "20 MiB more",
            f"{small:.0f} to {large:.0f} MiB",
            large - small < 20,
        )
    wide = bench.set("wide") / "n1"
    peak = bench.analyze(wide).peak
    yield Row(
        f"peak memory of `analyze` of a directory with a database of {database_size(wide) / MB:.0f} MB",
        "itself",
        "200 MiB",
        f"{peak:.0f} MiB",
        peak < 200,
    )


def _log_size(bench: Bench, name: str) -> str:
    return f"{sum(path.stat().st_size for path in segments(bench.set(name) / 'n1')) / MB:.0f} MB"


def space(bench: Bench) -> Iterator[Row]:
    """Temporary space while the large archive is read."""
    told = subprocess.run(
        [*TOOL, "analyze", bench.archive, "-v"], capture_output=True, text=True, check=False, timeout=600
    ).stderr
    most = max(int(size) for size in re.findall(r"SPOOL_BYTES_MAX: (\d+)", told))
    database = database_size(bench.set("large") / "n1")
    yield Row(
        f"temporary space for the .tar.gz of {bench.archive.stat().st_size / MB:.0f} MB, "
        f"{_log_size(bench, 'large')} of log unpacked",
        "itself",
        "the databases and 64 MB",
        f"{most / MB:.0f} MB: the database of {database / MB:.0f} MB and {(most - database) / MB:.0f} MB",
        most <= database + 64 * MB,
    )


def time_machine(bench: Bench) -> Iterator[Row]:
    """The middle of a log, the history of a key, and the first row, in a directory of 10 GB."""
    source = bench.set("huge") / "n1"
    size = sum(path.stat().st_size for path in source.iterdir()) / MB
    middle = max(name.last for path in segments(source) if (name := parse_closed(path.name))) // 2
    query = ("SELECT count(*), max(id) FROM kine",)
    took = rounds(
        {
            "analyze": lambda: bench.analyze(source),
            "sql": lambda: process([*TOOL, "sql", str(source), "--at", str(middle), "--database", "k8s", *query]),
            "history": lambda: process([*TOOL, "history", str(source), _KEY]),
            "log": lambda: process(["sh", "-c", f"{' '.join(TOOL)} log {source} | head -n 2"]),
        },
        1,
    )
    for kind, work in (("sql", f"`sql --at {middle}`, the middle of the log"), ("history", f"`history {_KEY}`")):
        ratio = took[kind].wall / took["analyze"].wall
        yield Row(
            f"{work}, on a directory of {size:.0f} MB",
            "`analyze` of the same directory",
            "a fifth of its time",
            f"{ratio:.2f} of it: {took[kind]} against {took['analyze']}",
            ratio <= 0.2,
        )
    yield Row("first row of `log` on the same directory", "itself", "0.4 s", str(took["log"]), took["log"].wall <= 0.4)


_KEY = "/registry/configmaps/team-1/config-1"


def growth(bench: Bench) -> Iterator[Row]:
    """Ten times the log, and several nodes on two cores."""
    sizes = {name: sum(p.stat().st_size for p in (bench.set(name) / "n1").iterdir()) for name in ("small", "large")}
    took = rounds(
        {name: partial(bench.analyze, bench.set(name) / "n1") for name in sizes},
        bench.count,
    )
    grown, longer = sizes["large"] / sizes["small"], took["large"].wall / took["small"].wall
    yield Row(
        "time as the log grows tenfold",
        "itself",
        "at most tenfold",
        f"{longer:.1f} times for {grown:.1f} times the bytes: {took['small'].wall:.2f} s to {took['large'].wall:.2f} s",
        longer <= 10,
    )
    nodes = bench.set("nodes")

    def on_one_core() -> Spent:
        with one_core():
            return bench.analyze(nodes, "--jobs", "1")

    took = rounds({"one": on_one_core, "two": lambda: bench.analyze(nodes, "--jobs", "2")}, bench.count)
    gain = took["one"].wall / took["two"].wall
    yield Row(
        "three nodes on two cores",
        "on one core",
        "1.7 times as fast",
        f"{gain:.2f} times: {took['two']} against {took['one']}",
        gain >= 1.7,
    )


def start(bench: Bench) -> Iterator[Row]:
    """`--help` against an interpreter that does nothing."""
    took = rounds(
        {
            "pass": lambda: process([sys.executable, "-c", "pass"]),
            "help": lambda: process([*TOOL, "--help"]),
        },
        max(bench.count * 5, 15),
    )
    more = took["help"].wall - took["pass"].wall
    yield Row("`--help`", "`python -c pass`", "within 0.15 s of it", f"{more:.3f} s more", more <= 0.15)


def streaming(bench: Bench) -> Iterator[Row]:
    """All rows of `log`, and its memory, on the large directory. Not in the issue's table, but in its text."""
    source = bench.set("large") / "n1"
    took = rounds({"all": lambda: process([*TOOL, "log", str(source)])}, 1)["all"]
    yield Row(
        "`log`: all rows",
        "itself",
        "no more than one segment in memory: 80 MiB",
        f"{took}; peak {took.peak:.0f} MiB",
        took.peak < 80,
    )


ALL: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "decoding": decoding,
    "archive": archive,
    "memory": memory,
    "space": space,
    "time-machine": time_machine,
    "growth": growth,
    "start": start,
    "streaming": streaming,
    **report_rows.ALL,
}


def segments(directory: Path) -> list[Path]:
    """All segments of a state directory."""
    return sorted(path for path in directory.iterdir() if parse_closed(path.name) or parse_open(path.name))


def decode(directory: Path) -> int:
    """Verify and decode them all; how many entries there are."""
    reader = SegmentReader()
    found = 0
    for path in segments(directory):
        _, segment = reader.read(path.name, PathBlob(path.name, path.stat().st_size, str(path)))
        found += len(segment)
    return found


def database_size(directory: Path) -> int:
    """Bytes of all databases, as they are rebuilt."""
    text = subprocess.run(
        [*TOOL, "analyze", str(directory), "-q", "--json", "-"],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    ).stdout
    found = json.loads(text)["clusters"][0]["databases"]["found"]
    return sum(int(database["pageSize"]) * int(database["pages"]) for database in found)
