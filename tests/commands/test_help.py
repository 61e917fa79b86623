"""What `--help` and the man pages tell: every command in a group, two examples each, pages that are not old."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import pytest

from bench.man_pages import FOLDER, pages
from forensics.cli import parser
from forensics.commands.examples import EXAMPLES, GROUPS
from tests.canaries.commands import names
from tests.tools import tool


def test_every_command_is_in_one_group_and_has_two_examples() -> None:
    grouped = [name for group in GROUPS.values() for name in group]
    assert sorted(grouped) == names()
    assert {name: len(EXAMPLES[name]) for name in names()} == dict.fromkeys(names(), 2)


@pytest.mark.parametrize("line", [line for name in EXAMPLES for line, _ in EXAMPLES[name]])
def test_an_example_is_a_command_line(line: str) -> None:
    """Up to a pipe or a file that the shell opens."""
    words = shlex.split(line.removeprefix('eval "$(dqlite-forensics ').removesuffix(')"'))
    ends = [words.index(mark) for mark in (">", "|") if mark in words]
    assert parser().parse_args(words[: min(ends, default=len(words))]).run


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="argparse of 3.13 writes options in another way")
def test_the_man_pages_are_not_old() -> None:
    assert {path.name: path.read_text() for path in FOLDER.glob("*.1")} == pages()


def test_whatis_knows_each_page_by_its_file() -> None:
    """`lexgrog` reads what `whatis` and `apropos` keep of a page."""
    files = sorted(FOLDER.glob("*.1"))
    done = subprocess.run([tool("lexgrog"), *map(str, files)], capture_output=True, text=True, check=False)
    told = [line.partition(': "')[2].partition(" - ")[0] for line in done.stdout.splitlines()]
    assert told == [file.stem for file in files]


def test_man_shows_each_page_without_a_warning() -> None:
    done = subprocess.run(
        [tool("man"), "--warnings", "-E", "UTF-8", "-l", "-Tutf8", *map(str, sorted(FOLDER.glob("*.1")))],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "MANWIDTH": "100", "PAGER": "cat", "GROFF_NO_SGR": "1", "LC_ALL": "C.UTF-8"},
    )
    assert done.stderr == ""
    shown = re.sub(".\x08", "", done.stdout)  # bold letters are struck twice
    assert shown.count("SEE ALSO") == len(names()) + 1
