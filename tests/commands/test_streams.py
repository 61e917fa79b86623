"""Standard streams that are closed, or of an encoding that lacks characters: the answer is the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from forensics.check.build import build, write
from tests.fixtures import fixture

ENVIRONMENTS = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "latin-1": {"PYTHONIOENCODING": "latin-1:strict"},
    "C": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
}


@pytest.fixture(scope="module")
def upload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("upload") / "grün…"  # no letter of ASCII, and one that Latin-1 lacks
    write(build(fixture("healthy/k8sd")), folder)
    return folder


def run(*arguments: str, closed: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "forensics", *arguments]
    if closed:
        command = ["/bin/sh", "-c", f'exec "$@" {closed}', "sh", *command]
    return subprocess.run(command, capture_output=True, check=False, env={**os.environ, **environment})


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_an_encoding_that_lacks_characters(environment: str, upload: Path) -> None:
    set_ = ENVIRONMENTS[environment]
    assert run("analyze", str(upload), **set_).returncode == 0
    made = run("analyze", str(upload), "--format", "json", **set_)
    assert made.returncode == 0
    assert json.loads(made.stdout)["inputs"][0]["name"] == "grün…"
    assert run("analyze", str(upload / "…"), **set_).returncode == 3


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_closed_streams(closed: str, upload: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    assert run("analyze", str(upload), "--json", str(out), closed=closed).returncode == 0
    assert json.loads(out.read_bytes())["verdict"]["level"] == "healthy"
    assert run("analyze", "nothing-there", closed=closed).returncode == 3


def test_a_closed_input_holds_nothing() -> None:
    made = run("analyze", "-", closed="<&-")
    assert (made.returncode, b"empty" in made.stderr) == (3, True)
