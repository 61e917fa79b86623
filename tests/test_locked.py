"""What CI installs is pinned by hash, and is what constraints.txt says."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def _plain(name: str) -> str:
    """PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins(name: str) -> dict[str, str]:
    return {_plain(package): version for package, version in _PIN.findall((ROOT / name).read_text("utf-8"))}


def test_locked_and_constraints_name_the_same_versions() -> None:
    """Those of other systems stand in the lock alone."""
    locked, constraints = _pins("locked.txt"), _pins("constraints.txt")
    assert constraints.items() <= locked.items()


def test_every_dependency_is_locked_by_its_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    names = {_plain(re.split(r"[^A-Za-z0-9._-]", one, maxsplit=1)[0]) for one in wanted} - {project["name"]}
    blocks = re.split(r"\n(?=\S)", (ROOT / "locked.txt").read_text("utf-8").strip())
    hashed = [_plain(block.partition("==")[0]) for block in blocks if "--hash=sha256:" in block]
    assert len(hashed) == len(blocks)  # one name may have several, for several versions of Python
    assert names <= {*hashed}


def test_make_installs_nothing_else() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    recipe = makefile.partition("$(BIN)/.ready: ")[2].partition("\n\n")[0]
    installs = [line for line in recipe.splitlines() if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line or "--no-deps --no-build-isolation" in line for line in installs)


def test_construct_stays_behind_the_layouts() -> None:
    """docs/contributing/dependencies.md: whatever replaces it replaces these modules and no others."""
    using = re.compile(r"^\s*(?:from|import) construct\b", re.MULTILINE)
    found = {path.parent.name for path in (ROOT / "forensics").rglob("*.py") if using.search(path.read_text("utf-8"))}
    assert found == {"layouts"}
