"""`completion`: what a shell has to load so that the tabulator key completes commands, options, rules and nodes.

argcomplete does it: the shell asks this program, which answers with its own parser.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from typing import Any

from forensics.commands.common import add_common
from forensics.commands.help import PROGRAM

ASKED = "_ARGCOMPLETE"  # set in the environment where a shell asks
_SECONDS = 3  # for reading an input whose nodes are asked for: nobody waits longer for a key


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "completion",
        help="print what makes a shell complete commands, options, rules and nodes",
        description="Print what bash, zsh or fish has to load so that they complete commands, options, IDs of rules, "
        "and the nodes of the input that stands on the line.",
    )
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), metavar="SHELL", help="bash, zsh or fish")
    add_common(parser, inputs=None)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print it."""
    from argcomplete.shell_integration import shellcode  # noqa: PLC0415 - only where used

    sys.stdout.write(shellcode([PROGRAM], shell=options.shell) + "\n")
    return 0


def answer(parser: argparse.ArgumentParser) -> None:
    """Answer the shell that asks, and end the process."""
    from argcomplete import autocomplete  # noqa: PLC0415 - as above

    for action in _actions(parser):
        if action.dest in _COMPLETERS:
            action.completer = _COMPLETERS[action.dest]  # type: ignore[attr-defined] # read by argcomplete
    autocomplete(parser)


def asked() -> bool:
    """A shell asks."""
    return ASKED in os.environ


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to its arguments
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            for below in action.choices.values():
                yield from _actions(below)


def _rules(**_: Any) -> list[str]:
    from forensics.rules.engine import catalogue  # noqa: PLC0415 - as above

    return [rule.id for rule in catalogue()]


def _topics(**_: Any) -> list[str]:
    from forensics.rules.engine import catalogue  # noqa: PLC0415 - as above

    return sorted({rule.topic for rule in catalogue()})


def _nodes(parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    """Names of the nodes in the inputs that were typed so far; none where these cannot be read soon."""
    from forensics import pipeline  # noqa: PLC0415 - as above
    from forensics.budget import Budget, run_within  # noqa: PLC0415 - as above

    with (
        run_within(Budget({"SECONDS_MAX": _SECONDS})) as budget,
        pipeline.ingest(parsed_args.inputs, 0, budget) as read,
    ):
        return sorted({directory.node for directory in pipeline.directories(read)})


_COMPLETERS = {"id": _rules, "topic": _topics, "node": _nodes, "assume_member_lost": _nodes}
