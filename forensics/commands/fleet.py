"""`fleet`: thousands of uploads, each a case; a store that remembers them, and questions to it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from forensics.commands import fleet_ask, fleet_report, fleet_run, fleet_seen
from forensics.commands.fleet_extra import require_extra


def add(commands: Any) -> None:
    """Add the command, its actions and their arguments."""
    parser = commands.add_parser(
        "fleet",
        help="judge thousands of uploads, and ask what they have in common",
        description="Judge many unrelated uploads, each in a process of its own; keep reports and tables in a store; "
        "ask what the cases have in common. It needs: pip install 'dqlite-forensics[fleet]'",
    )
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")
    for module in (fleet_run, fleet_ask, fleet_seen, fleet_report):
        module.add(actions)
    for action in actions.choices.values():
        action.set_defaults(run=_with_extra(action.get_default("run")))


def _with_extra(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    def checked(options: argparse.Namespace) -> int:
        require_extra()
        return run(options)

    return checked
