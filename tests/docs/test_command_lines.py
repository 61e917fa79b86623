"""Every command line in README and docs: run where its output is shown, and taken by the parser where it is not.

A ```console block whose command lines begin with `$ ` is a session: all of a page's run in one folder, in their order,
and what stands below a command is its standard output; a line `…` stands for any lines. In other blocks a line that
begins with `dqlite-forensics` is held against the parser.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.cli import main, parser

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "fixtures/README.md"]
BLOCK = re.compile(r"^ *```(console|sh|text)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
SHELL = ("|", ">", "<", ";", "&&", "$(")
PROGRAM = "dqlite-forensics "


def sessions(page: Path) -> list[tuple[str, str]]:
    """Each command of a page that shows its output, and that output."""
    blocks = [text for kind, text in BLOCK.findall(page.read_text()) if kind == "console" and text.startswith("$ ")]
    steps = [step for text in blocks for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]]
    return [(command, output) for command, _, output in (step.partition("\n") for step in steps)]


def lines(page: Path) -> Iterator[str]:
    """Command lines of a page that are not run."""
    for _, text in BLOCK.findall(page.read_text()):
        if not text.startswith("$ "):
            for line in text.splitlines():
                if PROGRAM in line:
                    yield PROGRAM + line.partition(PROGRAM)[2].partition("   #")[0].strip()


def shown_pages() -> list[Path]:
    return [page for page in PAGES if sessions(page)]


def named(pages: list[Path]) -> list[str]:
    return [str(page.relative_to(ROOT)) for page in pages]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a reader has: the tutorial's upload, and the fixtures of the repository."""
    shutil.copy(ROOT / "docs/tutorial-files/upload.tar.xz", tmp_path)
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    command = tmp_path / "bin" / PROGRAM.strip()
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m forensics "$@"\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}:/usr/bin:/bin")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("page", named(shown_pages()))
def test_what_a_page_shows_is_what_is_printed(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command, shown in sessions(ROOT / page):
        printed = _printed(command, capsys)
        assert not shown or re.fullmatch(_pattern(shown), printed), f"$ {command}\n{printed}"


def _printed(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Standard output; in this process where no shell is needed, which is ten times as quick."""
    if any(mark in command for mark in SHELL):
        return subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False).stdout
    program, *arguments = shlex.split(command)
    assert program == PROGRAM.strip()
    main(arguments)
    return capsys.readouterr().out


def _pattern(shown: str) -> str:
    """A regular expression: `…` on a line of its own is any number of lines."""
    parts = [r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line) + r"\n" for line in shown.splitlines()]
    return "".join(parts) + r"\s*"


def all_lines() -> list[tuple[str, str]]:
    return [(name, line) for name, page in zip(named(PAGES), PAGES, strict=True) for line in lines(page)]


def test_every_other_command_line_is_one() -> None:
    """Up to what a shell does with it; names in brackets and capitals stand for a reader's own."""
    assert len(all_lines()) > 20
    for page, line in all_lines():
        words = shlex.split(line, comments=True)[1:]
        ends = [number for number, word in enumerate(words) if word in (*SHELL, "||") or word.startswith(("2>", "||"))]
        try:
            assert parser().parse_args(words[: min(ends, default=len(words))]).run
        except SystemExit:
            pytest.fail(f"{page}: {line}")
