"""Machines to collect from: a fixture's hosts as directories, and the script run on them under a shell."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from forensics import pipeline
from forensics.check.build import build, write
from forensics.collector import script
from tests.fixtures import fixture
from tests.tools import tool

SHELLS = ("dash", "bash", "busybox")
# In front of a call: a file's mode binds root, too.
BOUND_BY_MODES = ("/usr/bin/setpriv", "--bounding-set", "-dac_override") if os.geteuid() == 0 else ()


def hosts_of(name: str, folder: Path) -> list[Path]:
    """The roots of a fixture's hosts, each with its name in /etc/hostname."""
    write(build(replace(fixture(name), wrap="")), folder)
    roots = sorted(folder.iterdir())
    for root in roots:
        (root / "etc").mkdir()
        (root / "etc/hostname").write_text(f"{root.name}\n")
    return roots


def userland(shell: str, folder: Path) -> tuple[list[str], dict[str, str]]:
    """How a shell is called, and its environment: busybox brings its own commands, and there is nothing else."""
    if shell != "busybox":
        return [tool(shell)], {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    applets = folder / "applets"
    applets.mkdir(exist_ok=True)
    busybox = tool("busybox")
    subprocess.run([busybox, "--install", "-s", str(applets)], check=True)
    return [busybox, "sh"], {"PATH": str(applets)}


def collect(
    root: Path, out: Path, *options: str, shell: str = "dash", first: str = "", through: Sequence[str] = ()
) -> tuple[Path, str]:
    """The archive, and what was said.

    Args:
        root: the machine's.
        out: where the archive is written.
        options: of the script.
        shell: one of SHELLS.
        first: a folder whose commands come before the machine's own.
        through: the command that starts the shell.
    """
    out.mkdir(parents=True, exist_ok=True)
    call, environment = userland(shell, out.parent)
    if first:
        environment["PATH"] = f"{first}:{environment['PATH']}"
    where = out.parent / "collect.sh"
    where.write_text(script())
    arguments = [*through, *call, str(where), "--output", str(out), "--root", str(root), *options]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=True, timeout=60)
    (archive,) = [Path(line) for line in done.stdout.splitlines()]
    return archive, done.stderr


@contextmanager
def analysed(*archives: Path) -> Iterator[pipeline.Analysis]:
    """The analysis of all, while their files can be read."""
    with pipeline.ingest([str(archive) for archive in archives]) as evidence:
        yield pipeline.analyze(evidence)
