"""`rules list` and `rules show`: the catalogue, from the rules themselves."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from forensics.commands.common import add_common
from forensics.errors import UsageError


def add(commands: Any) -> None:
    """Its arguments."""
    parser = commands.add_parser("rules", help="the catalogue of rules")
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="one line a rule")
    show = actions.add_parser("show", help="one rule, whole")
    show.add_argument("id", metavar="ID")
    for action, run in ((listing, run_list), (show, run_show)):
        add_common(action, inputs=None)
        action.add_argument("--format", choices=("text", "json"), default="text")
        action.set_defaults(run=run)


def run_list(options: argparse.Namespace) -> int:
    """Id, severity and title of each."""
    from forensics.rules.engine import catalogue  # noqa: PLC0415 - heavy imports only where used

    if options.format == "json":
        _print_json([_summary(rule) for rule in catalogue()])
        return 0
    for rule in catalogue():
        sys.stdout.write(f"{rule.id:10} {rule.severity.value:9} {rule.title}\n")
    return 0


def run_show(options: argparse.Namespace) -> int:
    """Everything that a rule's file says."""
    from forensics.rules.engine import catalogue  # noqa: PLC0415 - heavy imports only where used

    rule = next((rule for rule in catalogue() if rule.id == options.id.upper()), None)
    if rule is None:
        raise UsageError(f"no rule {options.id}; `rules list` has them all")
    if options.format == "json":
        _print_json(_summary(rule) | {"text": rule.text})
        return 0
    sys.stdout.write(f"{rule.id} · {rule.title}\n{rule.severity.value}, one answer a {rule.scope.__name__.lower()}\n")
    for heading, text in rule.text.items():
        sys.stdout.write(f"\n{heading}\n  " + text.replace("\n", "\n  ") + "\n")
    return 0


def _summary(rule: Any) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity.value,
        "scope": rule.scope.__name__.lower(),
        "topic": rule.topic,
        "needs": [need.value for need in rule.needs],
        "products": list(rule.products),
    }


def _print_json(value: object) -> None:
    json.dump(value, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
