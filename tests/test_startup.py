"""`--help` is instant: nothing heavy is imported before a command needs it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("construct", "jinja2", "cryptography", "sqlite3", "lz4", "yaml", "isal", "zstandard", "fastcrc", "tarfile")
LIMIT_SECONDS = 0.15


@pytest.mark.parametrize("arguments", [["--help"], ["analyze", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = f"""
import sys
from forensics.cli import main
try:
    main({arguments!r})
except SystemExit:
    pass
sys.stderr.write(' '.join(sorted({HEAVY!r} & sys.modules.keys())))
""".replace(repr(HEAVY), f"set({HEAVY!r})")
    got = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert got.stderr == ""


def test_help_takes_little_longer_than_python_itself() -> None:
    """The best of five: other processes may disturb, none can help."""

    def best(*arguments: str) -> float:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, check=True)
            times.append(time.perf_counter() - start)
        return min(times)

    assert best("-m", "forensics", "--help") - best("-c", "pass") < LIMIT_SECONDS
