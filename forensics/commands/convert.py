"""`convert`: write a stored report in another format."""

from __future__ import annotations

import argparse
from typing import Any

from forensics.commands.common import add_common
from forensics.commands.outputs import STDOUT, check_writable, refuse_inside, write_output
from forensics.commands.terminal import as_text
from forensics.report.formats import FORMATS, format_for, rendered


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "convert",
        help="write a stored report in another format",
        description="Write a report.json, of this version or an older one, in another format.",
    )
    parser.add_argument("report", metavar="REPORT.json", help="a report that analyze wrote")
    parser.add_argument(
        "-o", "--output", metavar="FILE", default=STDOUT, help="where to write it (default: standard output, as text)"
    )
    parser.add_argument("--format", choices=FORMATS, help="the format (default: by the suffix of FILE)")
    add_common(parser, inputs=None)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read the report, check it, and write it."""
    from forensics.report.stored import read_report  # noqa: PLC0415 - heavy imports only where used: --help is instant

    to_stdout = options.output == STDOUT
    wanted = format_for(options.output, options.format or ("text" if to_stdout else None))
    refuse_inside(options.output, [options.report])
    check_writable(options.output)
    document = read_report(options.report)
    text = as_text(document, options) if to_stdout and wanted.name == "text" else rendered(wanted.name, document)
    if text is not None:
        write_output(options.output, text)
    return 0
