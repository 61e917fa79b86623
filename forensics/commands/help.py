"""How `--help` looks: commands in groups, examples behind the options, paragraphs that wrap."""

from __future__ import annotations

import argparse
from typing import Any

from forensics.commands.examples import EXAMPLES, GROUPS

PROGRAM = "dqlite-forensics"


class HelpFormatter(argparse.HelpFormatter):
    """Wraps paragraphs, and leaves those alone that were broken into lines by hand."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if "\n" not in text:
            return super()._fill_text(text, width, indent)
        return "".join(indent + line for line in text.splitlines(keepends=True))


class Commands:
    """Stands for argparse's sub-parsers: adds examples to each, and knows what is told of it in the overview.

    Args:
        subparsers: argparse's own.
    """

    def __init__(self, subparsers: Any) -> None:
        self._subparsers = subparsers
        self._told: dict[str, str] = {}

    def add_parser(self, name: str, *, help: str, epilog: str = "", **more: Any) -> argparse.ArgumentParser:  # noqa: A002 - argparse's own name
        """As argparse's: a command, its line of the overview, and what its help tells."""
        self._told[name] = help
        text = "\n".join(filter(None, (_examples(name), epilog)))
        parser: argparse.ArgumentParser = self._subparsers.add_parser(
            name, **{"formatter_class": HelpFormatter, **more}, epilog=text
        )
        parser.man_short_description = help  # type: ignore[attr-defined] # read by argparse-manpage
        return parser

    def overview(self) -> str:
        """All commands by group, a line each."""
        lines = []
        for group, names in GROUPS.items():
            lines += [f"{group}:", *(f"  {name:13} {self._told[name]}" for name in names), ""]
        return "\n".join(lines)


def _examples(name: str) -> str:
    """`examples:`, each with what it is for."""
    lines = ["examples:"]
    for command, what in EXAMPLES[name]:
        whole = command if PROGRAM in command else f"{PROGRAM} {command}"
        lines += [f"  {whole}", f"      {what}"]
    return "\n".join(lines) + "\n"
