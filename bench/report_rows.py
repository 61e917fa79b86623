"""The rows about what people upload most: sosreports, journals, pastes; and all fixtures."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench import sosreport_data
from bench.run import TOOL, Spent, process, rounds
from bench.table import ANY_VERDICT, Bench, Row

MB = 1_000_000
_FIXTURES = Path(__file__).parents[1] / "fixtures"
_PASTE = (
    "root@n1:~# ls -l /var/snap/microk8s/current/var/kubernetes/backend\n"
    "total 8196\n"
    "-rw------- 1 root root 8388608 Nov 22 10:00 0000000000000001-0000000000000270\n"
    "-rw------- 1 root root      32 Nov 22 10:00 metadata1\n"
    "-rw-r--r-- 1 root root      95 Nov 22 10:00 info.yaml\n"
    "Error: start node: raft_start(): io: load open segment open-1: unexpected format version 7\n"
)


def sosreport(bench: Bench) -> Iterator[Row]:
    """A whole sosreport, packed in three ways, against nothing but unpacking it."""
    source = sosreport_data.ensure(bench.scale)
    plain = bench.scratch / "sosreport.tar"
    with plain.open("wb") as out:
        subprocess.run(["xz", "-dc", source], stdout=out, check=True, timeout=600)
    small = bench.scratch / "sosreport.tar.zst"
    subprocess.run(["zstd", "-q", plain, "-o", small], check=True, timeout=600)
    for name, archive, unpack, reach in (
        (".tar.xz", source, ["xz", "-dc", str(source)], 1.2),
        (".tar.zst", small, ["zstd", "-qdc", str(small)], None),
        (".tar", plain, ["cat", str(plain)], None),
    ):
        took = rounds({"unpack": partial(process, unpack), "ours": partial(bench.analyze, archive)}, bench.count)
        ratio = took["ours"].wall / took["unpack"].wall
        size = plain.stat().st_size / MB
        yield Row(
            f"`analyze` of a sosreport of {size:.0f} MB as {name}, HTML and JSON written, both cores",
            f"`{' '.join(unpack[:-1])}` to nowhere",
            f"{reach} times its time, in less than 200 MiB" if reach else "measured",
            f"{ratio:.2f} times: {took['ours']} against {took['unpack']}; {took['ours'].peak:.0f} MiB",
            reach is None or (ratio <= reach and took["ours"].peak < 200),
        )


def journal(bench: Bench) -> Iterator[Row]:
    """A night's journal of a cluster that is down: in a report, as a file, pasted. What its start takes is left out."""
    log = sosreport_data.journal(bench.scale)
    folder = bench.scratch / "night"
    inside = folder / sosreport_data.JOURNALS[0][0]
    inside.parent.mkdir(parents=True)
    shutil.copyfile(log, inside)
    nothing = bench.scratch / "nothing.log"
    nothing.write_text("Nov 22 00:00:01 n1 cron[1]: nothing\n")
    took = rounds(
        {
            "start": partial(bench.analyze, nothing),
            "inside": partial(bench.analyze, folder),
            "alone": partial(bench.analyze, log),
            "pasted": partial(_pasted, log),
        },
        bench.count,
    )
    size, start = log.stat().st_size / MB, took.pop("start")
    each = {name: (spent.cpu - start.cpu) / size for name, spent in took.items()}
    yield Row(
        f"{size:.0f} MB of journal of a cluster that is down, in a sosreport",
        "itself, seconds of processor per MB behind the start",
        "0.05 s per MB",
        f"{each['inside']:.3f} s per MB: {took['inside']}",
        each["inside"] <= 0.05,
    )
    for name in ("alone", "pasted"):
        yield Row(
            f"the same journal {name}",
            "in a sosreport",
            "as fast",
            f"{each[name]:.3f} s per MB: {took[name]}",
            each[name] <= 1.1 * each["inside"],
        )


def _pasted(text: Path) -> Spent:
    return process([*TOOL, "analyze", "-", "-q"], ok=ANY_VERDICT, given=text)


def paste(bench: Bench) -> Iterator[Row]:
    """A listing of a few lines through standard input."""
    text = bench.scratch / "paste.txt"
    text.write_text(_PASTE)
    took = rounds(
        {"pass": partial(process, [sys.executable, "-c", "pass"]), "paste": partial(_pasted, text)},
        max(bench.count * 3, 9),
    )
    more = took["paste"].wall - took["pass"].wall
    yield Row(
        "a pasted listing and error through `analyze -`",
        "`python -c pass`",
        "0.25 s more",
        f"{more:.2f} s more: {took['paste']}",
        more <= 0.25,
    )


def fixtures(_: Bench) -> Iterator[Row]:
    """All fixtures through `check`, on the cores that there are."""
    count = sum(1 for _ in _FIXTURES.rglob("fixture.toml"))
    took = rounds({"check": lambda: process([*TOOL, "check", str(_FIXTURES)])}, 1, warm=0)["check"]
    each = count / took.wall
    yield Row("all fixtures through `check`", "itself", "20 a second", f"{each:.1f} a second: {took}", each >= 20)


ALL: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "sosreport": sosreport,
    "journal": journal,
    "paste": paste,
    "fixtures": fixtures,
}
