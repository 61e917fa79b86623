"""`plan`: which node to recover from, why, what other choices cost, and the steps. It executes nothing."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from forensics.commands.common import add_assume_member_lost, add_common, add_format
from forensics.commands.reading import reading, spending
from forensics.errors import InputError
from forensics.shown import plain


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "plan",
        help="say which node to recover from, why, and in which steps",
        description="Say which node to recover from, why, what every other choice costs, and the steps. "
        "Nothing is executed.",
    )
    add_common(parser)
    add_assume_member_lost(parser)
    add_format(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what to do first, and a plan for every cluster of the input."""
    from forensics import pipeline  # noqa: PLC0415 - heavy imports only where used
    from forensics.report.json_text import json_of  # noqa: PLC0415 - as above
    from forensics.report.parts.recovery import plan_of  # noqa: PLC0415 - as above
    from forensics.report.plan_text import render_plans  # noqa: PLC0415 - as above

    with spending(options) as budget, reading(options.inputs, budget) as evidence:
        made = pipeline.analyze(evidence, lost=options.assume_member_lost)
        answers = zip(made.case.clusters, pipeline.decided(made.case, deep=True), strict=True)
        plans = [plan_of(cluster, answer, made.document.case) for cluster, answer in answers]
    if not plans:
        raise InputError(", ".join(options.inputs), "no dqlite state directory in it")
    if options.format == "json":
        sys.stdout.write(json_of(plans))
    else:
        sys.stdout.write(plain(render_plans(plans)))
    return 0
