"""`analyze`: the main job."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from forensics.commands.common import add_common, refuse_inside

FAIL_ON = ("critical", "high", "medium", "low", "info", "never")


def add(commands: Any) -> None:
    """Its arguments."""
    parser = commands.add_parser("analyze", help="ingest, decode, judge; the main job")
    add_common(parser)
    parser.add_argument("-o", "--output", metavar="DIR", help="write report.html and report.json here")
    parser.add_argument("--fail-on", choices=FAIL_ON, default="high", help="exit 1 from this severity on")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Analyse, print the summary, write the reports; the exit code."""
    from forensics import pipeline  # noqa: PLC0415 - heavy imports only where used: --help is instant
    from forensics.report.gate import exit_code  # noqa: PLC0415 - as above
    from forensics.report.html import render_html  # noqa: PLC0415 - as above
    from forensics.report.text import render_text  # noqa: PLC0415 - as above

    if options.output:
        refuse_inside(options.output, options.inputs)
    with pipeline.ingest(options.inputs) as evidence:
        document = pipeline.analyze(evidence).document
    if options.output:
        os.makedirs(options.output, exist_ok=True)
        _write(options.output, "report.json", json.dumps(document, indent=1, ensure_ascii=False) + "\n")
        _write(options.output, "report.html", render_html(document))
    if not options.quiet:
        sys.stdout.write(render_text(document))
    return exit_code(document, options.fail_on)


def _write(directory: str, name: str, text: str) -> None:
    with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
        file.write(text)
