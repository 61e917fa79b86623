"""`diff A B`: what changed between two uploads of a cluster, or what differs between two nodes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from forensics.commands.common import add_common, add_format
from forensics.commands.reading import reading, spending
from forensics.shown import plain


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "diff",
        help="compare two uploads of a cluster, or two nodes",
        description="Compare two uploads of a cluster, or two nodes: what changed, what was repaired, what got worse.",
    )
    parser.add_argument("a", metavar="A", help="the earlier upload, or a node: a directory or an archive")
    parser.add_argument("b", metavar="B", help="the later upload, or another node")
    add_common(parser, inputs=None)
    add_format(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Analyse both, and print what differs."""
    print_difference(options, [options.a], [options.b])
    return 0


def print_difference(options: argparse.Namespace, earlier: Sequence[str], later: Sequence[str]) -> None:
    """Analyse the inputs of both, and print what differs."""
    from forensics import pipeline  # noqa: PLC0415 - heavy imports only where used
    from forensics.report.difference_text import render_difference  # noqa: PLC0415 - as above
    from forensics.report.json_text import json_of  # noqa: PLC0415 - as above
    from forensics.report.parts.difference import build_difference  # noqa: PLC0415 - as above

    with spending(options) as budget, reading(earlier, budget) as before, reading(later, budget) as after:
        first, second = pipeline.analyze(before), pipeline.analyze(after)
        found = build_difference((first.case, second.case), (first.document, second.document))
    if options.format == "json":
        sys.stdout.write(json_of(found))
    else:
        sys.stdout.write(plain(render_difference(found)))
