"""The plugin, in a pytest of its own over the example's tests; and over tests that must fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from forensics.check.build import build, write
from tests.fixtures import fixture

EXAMPLE = Path(__file__).parents[2] / "examples/pytest/test_node.py"
FAILING = """
import shutil

def test_leaves_a_damaged_directory(dqlite_state):
    shutil.copytree("damaged", dqlite_state.new("n2"), dirs_exist_ok=True)

def test_what_is_allowed_is_not_told(dqlite_state):
    dqlite_state.assert_sound("damaged", allow=["SEG009", "STR002"])

def test_an_unused_directory_is_no_fault(dqlite_state):
    assert not list(dqlite_state.new().iterdir())
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a node's damaged directory, and one that is sound."""
    for name, node, path in (("segment/single-flipped-bit", "n1", "damaged"), ("healthy/k8sd", "n1", "sound")):
        write(build(fixture(name)), tmp_path / name)
        shutil.copytree(tmp_path / name / node, tmp_path / path)
    return tmp_path


def run(place: Path, config: pytest.Config) -> subprocess.CompletedProcess[str]:
    """Pytest with the plugin, which is not named twice where its entry point is installed."""
    named = [] if config.pluginmanager.hasplugin("dqlite_forensics") else ["-p", "forensics.pytest_plugin"]
    call = [sys.executable, "-m", "pytest", "-q", *named, "-p", "no:cacheprovider", "--color=no", "."]
    return subprocess.run(call, cwd=place, capture_output=True, text=True, check=False)


def test_the_example_passes_and_a_failure_shows_the_case(place: Path, pytestconfig: pytest.Config) -> None:
    shutil.copy(EXAMPLE, place)
    (place / f"test_failing_{EXAMPLE.name}").write_text(FAILING)
    done = run(place, pytestconfig)
    assert done.returncode == 1
    assert "5 passed, 1 error" in done.stdout, done.stdout
    assert "SEG009, STR002" in done.stdout
    assert "What to do first?" in done.stdout
