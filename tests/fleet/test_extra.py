"""Without the extra: everything but stores works, and a store says what to install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_BLOCKED = """
import sys
sys.modules.update(dict.fromkeys(("dask", "distributed", "duckdb", "fsspec", "pyarrow")))
from forensics.cli import main
sys.exit(main(sys.argv[1:]))
"""


def _without(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _BLOCKED, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_analyze_needs_none_of_it(uploads: Path) -> None:
    done = _without("analyze", str(uploads / "healthy-lxd.tar.zst"), "--short")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("words", [["fleet", "status"], ["analyze", "."]])
def test_a_store_says_what_to_install(words: list[str], tmp_path: Path) -> None:
    done = _without(*words, "--store", str(tmp_path / "store"))
    assert done.returncode == 2
    assert done.stderr.endswith("pip install 'dqlite-forensics[fleet]'\n")
    assert done.stdout == ""
