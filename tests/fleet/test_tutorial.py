"""docs/fleet.md: each command that it shows is run, in order, and prints what it shows."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.cli import main
from forensics.fleet.warm import POOL

PAGE = Path(__file__).resolve().parents[2] / "docs" / "fleet.md"
_ANY = "…"  # whatever is printed there
_CHECKED = 10


def _steps() -> Iterator[tuple[str, str]]:
    """Each command of the page's shell blocks, and what it prints."""
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        for step in block.removeprefix("$ ").split("\n$ "):
            command, _, shown = step.partition("\n")
            yield command, shown


def _run(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    words = shlex.split(command)
    if words[0] == "ls":
        return "".join(f"{path.name}\n" for path in sorted(Path(words[1]).iterdir()))
    assert words[0] == "dqlite-forensics"
    main(words[1:])
    return "".join(capsys.readouterr())


def test_what_the_page_shows_is_what_is_printed(
    uploads: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    POOL.close()  # a child that waits is where it was started
    (tmp_path / "uploads").mkdir()
    for name in ("again.tar.zst", "flipped-bit.tar.zst", "garbage.tar", "healthy-lxd.tar.zst"):
        shutil.copy(uploads / name, tmp_path / "uploads")
    steps = list(_steps())
    assert len(steps) == _CHECKED
    for command, shown in steps:
        pattern = "".join(".*" if line == _ANY else re.escape(f"{line}\n") for line in shown.splitlines())
        printed = _run(command, capsys)
        assert re.fullmatch(pattern, printed, re.DOTALL), (command, printed)
    assert (tmp_path / "pages" / "index.html").exists()
    assert len(list((tmp_path / "pages" / "cases").iterdir())) == 2  # of three cases, two have the same bytes
