"""Completion in the real shells: commands, options, IDs of rules, and the nodes of the input on the line."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from forensics.check.build import build, write
from tests.fixtures import fixture
from tests.tools import tool

ROOT = Path(__file__).parents[2]
_SECONDS = 60  # an answer takes half a second of a machine that has nothing else to do


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the command on the PATH, a cluster of three nodes, and each shell's script."""
    where = tmp_path_factory.mktemp("home")
    write(build(fixture("healthy/k8sd")), where / "state")
    command = where / "bin/dqlite-forensics"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m forensics "$@"\n')
    command.chmod(0o755)
    for shell in ("bash", "zsh", "fish"):
        done = subprocess.run([command, "completion", shell], env=environment(where), capture_output=True, check=True)
        (where / f"completion.{shell}").write_bytes(done.stdout)
    return where


def environment(home: Path) -> dict[str, str]:
    return {
        "PATH": f"{home / 'bin'}:/usr/sbin:/usr/bin:/sbin:/bin",
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "TERM": "dumb",
        "LC_ALL": "C.UTF-8",
    }


def bash(home: Path, line: str) -> set[str]:
    """What bash's own completion function leaves in COMPREPLY."""
    script = f"""
        source {home}/completion.bash
        COMP_LINE={line!r} COMP_POINT={len(line)} COMP_TYPE=9
        COMP_WORDS=($COMP_LINE); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
        _python_argcomplete dqlite-forensics
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    call = [tool("bash"), "--norc", "-c", script]
    done = subprocess.run(call, cwd=home, env=environment(home), capture_output=True, text=True, check=True)
    return {word.strip() for word in done.stdout.splitlines()}


def fish(home: Path, line: str) -> set[str]:
    """What fish would show."""
    script = f"source {home}/completion.fish; complete -C {line!r}"
    call = [tool("fish"), "--no-config", "-c", script]
    done = subprocess.run(call, cwd=home, env=environment(home), capture_output=True, text=True, check=True)
    return {word.partition("\t")[0].strip() for word in done.stdout.splitlines()}


def zsh(home: Path, line: str) -> set[str]:
    """What zsh shows on a terminal for the key, with the line itself."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(home)
        os.execve(tool("zsh"), ["zsh", "-f", "-i"], environment(home))  # noqa: S606 - the shell that is asked
    try:
        setup = (
            f"PS1=; unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D; source {home}/completion.zsh"
        )
        os.write(terminal, f"{setup}; echo re''ady\n".encode())
        _until(terminal, "ready\r\n")
        os.write(terminal, f"{line}\t".encode())
        shown = _until(terminal, "")
    finally:
        os.kill(process, 9)
        os.waitpid(process, 0)
        os.close(terminal)
    return set(shown.replace(line, " ").split())


def _until(terminal: int, mark: str) -> str:
    """What the terminal prints until a mark; without one, until it has printed and is silent."""
    shown, end = "", time.monotonic() + _SECONDS
    while time.monotonic() < end and not (mark and mark in shown):
        if select.select([terminal], [], [], 3 if shown.count("\n") else _SECONDS)[0]:
            shown += os.read(terminal, 65536).decode("utf-8", "replace")
        elif not mark:
            break
    return shown


SHELLS: dict[str, Callable[[Path, str], set[str]]] = {"bash": bash, "fish": fish, "zsh": zsh}


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_commands_options_and_rules(shell: str, home: Path) -> None:
    ask = SHELLS[shell]
    assert {"forecast"} == ask(home, "dqlite-forensics fore")
    assert {"--dqlite"} == {word for word in ask(home, "dqlite-forensics forecast --dq") if word}
    assert {"SEG001", "SEG002"} <= ask(home, "dqlite-forensics rules show SEG00")


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_nodes_of_the_named_input(shell: str, home: Path) -> None:
    assert {"n1", "n2", "n3"} <= SHELLS[shell](home, "dqlite-forensics forecast state --node n")
