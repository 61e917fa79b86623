"""Every command line in README and docs is run, and its output compared where it is shown.

A ```console block whose command lines begin with `$ ` is a session: all of a page's run in one folder, in their order,
and what stands below a command is its standard output; a line `…` stands for any lines. The command lines of other
blocks run in their order, too, in a folder that has files of the names that pages use for a reader's own; they have to
end as a judgement does. What cannot be run here is in NOT_RUN, with its reason, and is held against the parser.
"""

from __future__ import annotations

import glob
import io
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.cli import main, parser
from tests.canaries.commands import names
from tests.docs.readers_files import prepare

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "fixtures/README.md"]
BLOCK = re.compile(r"^ *```(console|sh|bash|text|yaml)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
RUN_KEY = re.compile(r"^[ -]*run: +(?!\|)(.+)$", re.MULTILINE)
INLINE = re.compile(r"`((?:dqlite-forensics|make) [^`]+)`")
SHELL = ("|", ">", "<", ";", "&&", "$(")
PROGRAM = "dqlite-forensics "
REGISTRY = "needs the package registry; tests/release and CI install by such lines"
NOT_RUN = {
    "make report": REGISTRY,
    "make test": REGISTRY,
    "pip install .": REGISTRY,
    "make agreement": "takes minutes, and the real library",
    "ls -la /var/snap/k8s/common/var/lib/k8s-dqlite | dqlite-forensics analyze -": "needs a node of a cluster",
    "dqlite-forensics check fixtures": "takes minutes; tests/test_fixtures.py runs each of them",
}
JUDGED = (0, 1, 4)  # docs/reference/command-line.md#exit-codes: a report was made


def sessions(page: Path) -> list[tuple[str, str]]:
    """Each command of a page that shows its output, and that output."""
    blocks = [text for kind, text in BLOCK.findall(page.read_text()) if kind == "console" and text.startswith("$ ")]
    steps = [step for text in blocks for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]]
    return [(command, output) for command, _, output in (step.partition("\n") for step in steps)]


def lines(page: Path) -> list[str]:
    """The other command lines of a page, without their comments; of `sh` the whole block is one script."""
    return [line for kind, text in BLOCK.findall(page.read_text()) for line in _lines(kind, text)]


def _lines(kind: str, text: str) -> Iterator[str]:
    if text.startswith("$ "):
        return
    if kind == "yaml":
        yield from RUN_KEY.findall(text)
    elif kind in ("sh", "bash"):
        yield text
    else:
        found = (re.sub(r"(^|\s+)#\s.*$", "", line).strip() for line in text.splitlines())
        yield from (line for line in found if line.startswith(PROGRAM) or (line and kind == "console"))


def pages_with(commands: object) -> list[str]:
    return [str(page.relative_to(ROOT)) for page in PAGES if commands(page)]  # type: ignore[operator] # a function above


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What pages call a reader's own."""
    return prepare(tmp_path_factory.mktemp("reader"))


@pytest.fixture
def folder(tmp_path: Path, files: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a reader has: the tutorial's upload, the fixtures of the repository, uploads of their own."""
    for file in files.iterdir():
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / "out").unlink()
    shutil.copytree(files / "out", tmp_path / "out")  # pages write their own
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
@pytest.mark.parametrize("page", pages_with(sessions))
def test_what_a_page_shows_is_what_is_printed(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command, shown in sessions(ROOT / page):
        _, printed = _run(command, capsys)
        assert not shown or re.fullmatch(_pattern(shown), printed), f"$ {command}\n{printed}"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("page", pages_with(lines))
def test_what_a_page_names_runs(page: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for line in lines(ROOT / page):
        if line not in NOT_RUN:
            monkeypatch.setattr("sys.stdin", io.StringIO(".tables\n"))  # a prompt's
            code, _ = _run(line, capsys)
            assert code in JUDGED, line


def _run(command: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code and standard output; in this process where no shell is needed, which is ten times as quick."""
    if any(mark in command for mark in SHELL):
        done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout
    program, *arguments = [word for part in shlex.split(command) for word in sorted(glob.glob(part)) or [part]]
    assert program == PROGRAM.strip()
    code = main(arguments)
    return code, capsys.readouterr().out


def _pattern(shown: str) -> str:
    """A regular expression: `…` on a line of its own is any number of lines."""
    parts = [r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line) + r"\n" for line in shown.splitlines()]
    return "".join(parts) + r"\s*"


def test_what_is_not_run_is_a_command_line_all_the_same() -> None:
    """Each stands in a page; the program's are taken by its parser, and the Makefile has the targets."""
    named = {line for page in PAGES for line in lines(page)}
    assert sorted(NOT_RUN) == sorted(named & NOT_RUN.keys())
    for line in NOT_RUN:
        _is_one(line.rpartition("| ")[2])


def test_command_lines_within_sentences_are_such() -> None:
    """A command's name alone, or a whole line; capitals stand for a reader's own."""
    found = {line for page in PAGES for line in INLINE.findall(page.read_text())}
    assert len(found) > 10
    for line in found:
        _is_one(line)


def _is_one(line: str) -> None:
    program, *words = shlex.split(line)
    if program == "make":
        target = next(word for word in words if "=" not in word)
        assert re.search(rf"^{re.escape(target)}:", (ROOT / "Makefile").read_text(), re.MULTILINE), line
    elif program == PROGRAM.strip() and words not in [[name] for name in names()]:
        ends = [number for number, word in enumerate(words) if word in (*SHELL, "||")]
        try:
            assert parser().parse_args(words[: min(ends, default=len(words))]).run
        except SystemExit:
            pytest.fail(line)
