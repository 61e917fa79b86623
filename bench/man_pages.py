"""The man pages: `python -m bench.man_pages` writes docs/man/, one page a command and one of all.

The parser says it all (argparse-manpage), and no page is edited by hand: tests/commands/test_help.py tells when one is
old.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from build_manpages.manpage import Manpage

from forensics import __version__
from forensics.cli import parser

FOLDER = Path(__file__).parents[1] / "docs" / "man"
_MANUAL = "dqlite-forensics"


def main() -> None:
    """Write every page, and remove what no command has any more."""
    FOLDER.mkdir(exist_ok=True)
    made = pages()
    for old in set(FOLDER.glob("*.1")) - {FOLDER / name for name in made}:
        old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text)


def pages() -> dict[str, str]:
    """File name and text of each page."""
    os.environ["COLUMNS"] = "80"  # else argparse breaks lines as this terminal would
    top = parser()
    commands = list(_commands(top))
    top.man_short_description = "read copied dqlite state directories offline"  # type: ignore[attr-defined] # read by Manpage
    found = {"dqlite-forensics.1": _page(_alone(top), {name for name, _ in commands})}
    found |= {f"dqlite-forensics-{name}.1": _page(command, set()) for name, command in commands}
    return found


def _commands(top: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in top._actions:  # noqa: SLF001 - argparse has no other way to its commands
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            yield from action.choices.items()


def _alone(top: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The overview, without the commands' own pages in it."""
    alone = argparse.ArgumentParser(
        prog=top.prog,
        usage=top.usage,
        description=top.description,
        epilog=top.epilog,
        formatter_class=top.formatter_class,
    )
    alone.add_argument("--version", action="store_true", help="print the version, and exit")
    alone.man_short_description = top.man_short_description  # type: ignore[attr-defined] # as above
    return alone


def _page(command: argparse.ArgumentParser, others: set[str]) -> str:
    data = {"project_name": _MANUAL, "version": __version__, "date": __version__, "manual_title": _MANUAL}
    see = sorted({f"dqlite-forensics-{name}" for name in others} or {"dqlite-forensics"})
    page = Manpage(command, data)
    page.prog = command.prog.replace(" ", "-")  # one word, as its file: `whatis` and `man` find it by that
    references = ", ".join(f".BR {name} (1)" for name in see).replace(", ", ",\n")
    return f"{page}.SH SEE ALSO\n{references}\n"


if __name__ == "__main__":
    main()
