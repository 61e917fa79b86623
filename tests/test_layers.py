"""Imports go one way: from the bytes to the report (docs/architecture.md: the picture of the house)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = (
    (
        "exit_code",
        "errors",
        "barrier",
        "budget",
        "private_file",
        "streams",
        "shown",
        "limits",
        "crc",
        "on_disk",
        "wording",
        "fault_kind",
        "severity",
    ),
    ("evidence",),
    ("masking",),
    ("ingest",),
    ("sqlite",),
    ("layouts",),
    ("parsers",),
    ("forecast",),
    ("facts",),
    ("election",),
    ("plan",),
    ("rules",),
    ("case",),
    ("report",),
    ("repair",),
    ("export",),
    ("pipeline",),
    ("api",),
    ("pytest_plugin",),
    ("check", "collector"),
    ("redact",),
    ("shrink",),
    ("fleet",),
    ("commands",),
    ("cli",),
    ("__main__",),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}


def imported(path: Path) -> set[str]:
    """The layers that a module imports, wherever in its text."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("forensics."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.ImportFrom) and node.module == "forensics":
            found |= {alias.name for alias in node.names if alias.name in RANK}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("forensics.")}
    return found


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted((ROOT / "forensics").rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    """A module imports its own layer and those below it, never one above."""
    layer = path.relative_to(ROOT / "forensics").parts[0].removesuffix(".py")
    if layer == "__init__":
        return
    above = {name for name in imported(path) if RANK[name] > RANK[layer]}
    assert not above


def test_only_the_cli_and_commands_speak_or_exit() -> None:
    """Nothing below the commands prints, or ends the process."""
    speech = ("print", "exit", "sys.exit", "os._exit")
    offenders = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules()
        if path.relative_to(ROOT / "forensics").parts[0].removesuffix(".py") not in ("cli", "commands", "__main__")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in speech
    ]
    assert not offenders
