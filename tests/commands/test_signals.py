"""Signals end a command with a code of their own, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])  # 128 + the signal's number
def test_a_signal_ends_with_its_code_and_leaves_nothing(number: signal.Signals, code: int, tmp_path: Path) -> None:
    space, output = tmp_path / "space", tmp_path / "output"
    space.mkdir()
    output.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "forensics", "analyze", "-", "--json", str(output / "report.json")],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(space)},
    )
    assert process.stdin is not None
    # More than a pipe holds: when all of it is taken, the command is reading, and waits for the rest.
    process.stdin.write(b"\n" * (1 << 20))
    process.stdin.flush()
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (code, b"")
    assert [*space.iterdir(), *output.iterdir()] == []


_WHILE_LOADING = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
class Finder:
    def find_spec(name, path=None, target=None):
        if name == "forensics.cli":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder)
from forensics.__main__ import main
main()
"""


def test_while_modules_are_loaded_it_just_ends() -> None:
    """By the signal, of which a shell says 130; with no traceback."""
    ended = subprocess.run([sys.executable, "-c", _WHILE_LOADING], capture_output=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (-signal.SIGINT, b"", b"")
