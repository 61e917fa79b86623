"""`verify-plan`: which steps of a report, or of a repair, took effect, by a later upload."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from forensics.commands.common import add_common, add_format, jobs
from forensics.commands.reading import reading, spending
from forensics.exit_code import ExitCode
from forensics.shown import plain

if TYPE_CHECKING:
    from forensics.report.document.taken import PlanTaken

_EPILOG = """\
exit codes:
  0    every step that an upload can show took effect, and the cluster is whole
  1    a step did not take effect, or the cluster is not whole
  2    wrong usage
  3    an input cannot be read, or is refused
  4    not all arrived that is needed to tell
"""


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "verify-plan",
        help="say which steps of a report took effect, by a later upload",
        description="Hold the first steps of an earlier report.json, or the steps of a repair.json, against a later\n"
        "upload of the same cluster: which took effect, which did not, what came in between, and whether the cluster\n"
        "is whole.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("report", metavar="REPORT", help="the report.json that was handed out, or a repair.json")
    add_common(parser)
    add_format(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read the report, analyse the upload, and compare."""
    from forensics import pipeline  # noqa: PLC0415 - heavy imports only where used: --help is instant
    from forensics.repair.stored import read_ledger  # noqa: PLC0415 - as above
    from forensics.repair.taken import ledger_taken  # noqa: PLC0415 - as above
    from forensics.report.json_text import json_of  # noqa: PLC0415 - as above
    from forensics.report.parts.taken import plan_taken  # noqa: PLC0415 - as above
    from forensics.report.stored import read_stored  # noqa: PLC0415 - as above
    from forensics.report.taken_text import render_taken  # noqa: PLC0415 - as above

    ledger = read_ledger(options.report)
    report = read_stored(options.report) if ledger is None else None
    with spending(options) as budget, reading(options.inputs, budget, jobs(options)) as evidence:
        made = pipeline.analyze(evidence)
    if ledger is not None:
        taken = ledger_taken(ledger, made.case.clusters, made.document)
    elif report is not None:
        taken = plan_taken(report, made.document)
    sys.stdout.write(json_of(taken) if options.format == "json" else plain(render_taken(taken)))
    return _exit_code(taken)


def _exit_code(taken: PlanTaken) -> ExitCode:
    from forensics.report.document.taken import Trace  # noqa: PLC0415 - as above

    open_ = any(step.trace in (Trace.NOT_TAKEN, Trace.IN_PART) for step in taken.steps)
    if open_ or taken.whole is False or taken.related is False:
        return ExitCode.FINDINGS
    return ExitCode.OK if taken.whole else ExitCode.INCOMPLETE
