"""`rules list` and `rules show`: the catalogue, as the rules themselves have it."""

from __future__ import annotations

import argparse
import json
import sys
from difflib import get_close_matches
from typing import Any

from forensics.commands.common import add_common, add_format
from forensics.commands.terminal import painter, show, width
from forensics.errors import UsageError


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "rules", help="list the rules, or show one", description="List the rules, or show one."
    )
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list the rules, one a line")
    listing.add_argument(
        "--topic", metavar="TOPIC", help="only the rules of this topic (segment, snapshot, identity, …)"
    )
    show = actions.add_parser("show", help="show the whole page of a rule")
    show.add_argument("id", metavar="ID", help="id of the rule, such as SEG001")
    for action, run in ((listing, run_list), (show, run_show)):
        add_common(action, inputs=None)
        add_format(action)
        action.set_defaults(run=run)


def run_list(options: argparse.Namespace) -> int:
    """Print id, severity and title of each rule, by topic."""
    from forensics.rules.engine import catalogue  # noqa: PLC0415 - heavy imports only where used

    rules = [rule for rule in catalogue() if options.topic in (None, rule.topic)]
    if not rules:
        known = ", ".join(sorted({rule.topic for rule in catalogue()}))
        raise UsageError(f"no rules of topic {options.topic}: the topics are {known}")
    if options.format == "json":
        _print_json([_summary(rule) for rule in rules])
        return 0
    paint = painter(options)
    lines: list[str] = []
    for topic in sorted({rule.topic for rule in rules}):
        lines.append(f"{paint(topic, 'bold')}\n")
        lines += [
            f"  {rule.id:9} {paint(f'{rule.severity.value:9}', rule.severity.value)} {rule.title}\n"
            for rule in rules
            if rule.topic == topic
        ]
    show("".join(lines), sys.stdout)
    return 0


def run_show(options: argparse.Namespace) -> int:
    """Print the whole page of a rule."""
    from forensics.report.prose import lines_of  # noqa: PLC0415 - heavy imports only where used
    from forensics.rules.engine import catalogue  # noqa: PLC0415 - as above

    rule = next((rule for rule in catalogue() if rule.id == options.id.upper()), None)
    if rule is None:
        near = sorted(get_close_matches(options.id.upper(), [rule.id for rule in catalogue()], n=3, cutoff=0.5))
        hint = f" (similar: {', '.join(near)})" if near else ""
        raise UsageError(f"no rule {options.id}{hint}: `rules list` has them all")
    if options.format == "json":
        _print_json(_summary(rule) | {"text": rule.text})
        return 0
    paint = painter(options)
    lines = [
        f"{paint(rule.id, 'bold')}  {rule.title}",
        f"{paint(rule.severity.value, rule.severity.value)}, judges each {rule.scope.__name__.lower()}",
    ]
    if rule.needs:
        lines.append(f"needs {', '.join(need.value for need in rule.needs)}")
    if rule.products:
        lines.append(f"only for {', '.join(rule.products)}")
    for heading, text in rule.text.items():
        shown = "\n\n".join(rule.references) if heading == "References" else text
        lines += ["", paint(heading, "bold"), *(f"  {line}" for line in lines_of(shown, width() - 2))]
    show("\n".join((*lines, "")), sys.stdout)
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
