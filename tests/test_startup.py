"""`--help` is instant: nothing heavy is imported before a command needs it. `make bench` measures how instant."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = (
    "construct",
    "jinja2",
    "cryptography",
    "sqlite3",
    "lz4",
    "yaml",
    "isal",
    "zstandard",
    "fastcrc",
    "tarfile",
    "msgspec",
)


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
