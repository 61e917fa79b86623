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
