"""examples/ and the files that other tools read: run as those tools would run them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from forensics.check.build import build, write
from tests.fixtures import fixture
from tests.tools import tool

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
DAMAGED, SOUND = "segment/single-flipped-bit", "healthy/k8sd"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a damaged node, and `dqlite-forensics` on the PATH."""
    write(build(fixture(DAMAGED)), tmp_path / "damaged")
    command = tmp_path / "bin/dqlite-forensics"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m forensics "$@"\n')
    command.chmod(0o755)
    return tmp_path


def run(place: Path, *call: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, "PATH": f"{place / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(call, cwd=place, env=given, capture_output=True, text=True, check=False)


def action() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
    return loaded


def act(place: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The action's own step, with its inputs' defaults, as a runner calls it."""
    (step,) = (step for step in action()["runs"]["steps"] if step.get("id") == "run")
    values = {name: told.get("default", "") for name, told in action()["inputs"].items()} | inputs
    names = {variable: text[len("${{ inputs.") : -len(" }}")] for variable, text in step["env"].items()}
    environment = {variable: values[name] for variable, name in names.items()}
    (place / "github").touch()
    call = (tool("bash"), "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"])
    return run(place, *call, **environment, GITHUB_OUTPUT=str(place / "github"))


def test_the_action_fails_for_findings(place: Path) -> None:
    assert act(place, paths="damaged").returncode == 1
    assert (place / "github").read_text() == "sarif=dqlite-report/report.sarif\n"
    sarif = json.loads((place / "dqlite-report/report.sarif").read_text())
    assert "SEG009" in {result["ruleId"] for result in sarif["runs"][0]["results"]}
    assert act(place, paths="damaged", baseline="dqlite-report/report.json").returncode == 0  # nothing is new


def test_the_action_runs_fixtures(place: Path) -> None:
    done = act(place, command="check", paths=f"\n{ROOT}/fixtures/{SOUND}\n")
    assert (done.returncode, "1 fixture, 0 different" in done.stdout) == (0, True), done.stderr


def test_the_workflow_gives_inputs_that_there_are() -> None:
    workflow = yaml.safe_load((EXAMPLES / "github-action/.github/workflows/dqlite.yml").read_text())
    steps = [step for job in workflow["jobs"].values() for step in job["steps"] if "dqlite-forensics@" in str(step)]
    assert len(steps) == 2
    for step in steps:
        assert set(step["with"]) <= set(action()["inputs"])


def test_the_hook_runs_the_fixtures_that_changed(place: Path) -> None:
    """As a local hook over a repository of one's own fixtures, one of which expects what is not so."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    (wanted,) = yaml.safe_load((EXAMPLES / "pre-commit/.pre-commit-config.yaml").read_text())["repos"]
    assert [one["id"] for one in wanted["hooks"]] == [hook["id"]]
    repository = place / "repository"
    shutil.copytree(ROOT / "fixtures" / SOUND, repository / "fixtures" / SOUND)
    shutil.copytree(
        ROOT / "fixtures/bases",
        repository / "fixtures/bases",
        ignore=lambda _, names: [name for name in names if not name.startswith("k8sd.")],
    )
    local = {"repos": [{"repo": "local", "hooks": [{**hook, "language": "system"}]}]}
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(local))
    manifest = repository / "fixtures" / SOUND / "fixture.toml"
    manifest.write_text(manifest.read_text().replace("exit = 0", "exit = 1"))
    pre_commit = str(Path(sys.executable).parent / "pre-commit")
    call = f"git init -q && git add . && {pre_commit} run"
    done = run(repository, "sh", "-c", call, PATH=f"{place / 'bin'}:{os.environ['PATH']}", PRE_COMMIT_HOME=str(place))
    assert (done.returncode, "exit code is 0, not 1" in done.stdout) == (1, True), done.stdout


def test_the_nightly_pipeline(place: Path) -> None:
    """The first night tells all, the second nothing new; an input that is not there is no report."""
    shutil.copy(EXAMPLES / "pipeline/ignore.yaml", place)
    script = str(EXAMPLES / "pipeline/nightly.sh")
    first = run(place, tool("dash"), script, "damaged")
    assert (first.returncode, "SEG009" in first.stdout) == (1, True), first.stderr
    second = run(place, tool("dash"), script, "damaged")
    assert (second.returncode, second.stdout) == (0, "nothing new\n"), second.stderr
    before = (place / "yesterday.json").read_bytes()
    assert run(place, tool("dash"), script, "absent").returncode == 3
    assert (place / "yesterday.json").read_bytes() == before
    assert subprocess.run([tool("shellcheck"), script], check=False).returncode == 0
