"""`analyze`: say what is wrong, and write reports. The main job."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from forensics.barrier import stage
from forensics.commands.common import add_common, jobs
from forensics.commands.fleet_extra import require_extra
from forensics.commands.outputs import STDOUT, check_writable, make_directory, refuse_inside, write_output
from forensics.commands.reading import spending
from forensics.commands.terminal import Progress, as_text, linker, show
from forensics.errors import OutputError, UsageError
from forensics.ingest.files import believable_time
from forensics.report.formats import WRITTEN, prepare, rendered
from forensics.report.stored_head import looks_like_report
from forensics.severity import Severity

if TYPE_CHECKING:
    from forensics.report.document import Document
    from forensics.report.ignore import Ignore
    from forensics.report.stored import StoredReport

_SWITCH_SECONDS = 0.0005  # a thread that decompresses must not wait 5 ms, Python's default, each time it wants to go on
FAIL_ON = (*(severity.value for severity in Severity), "never")

_EPILOG = """\
exit codes:
  0    everything was analysed, and no finding is at or above --fail-on
  1    a finding is at or above --fail-on
  2    wrong usage
  3    an input cannot be read, or is refused
  4    the analysis is incomplete, and no finding is at or above --fail-on
  5    internal error
  6    an output cannot be written
  130  interrupted
  143  terminated
"""


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "analyze",
        help="say what is wrong, and what to do first",
        description="Read copied state directories, and say what is wrong and what to do first.\n"
        "Nodes of one cluster may come in one input or in several.",
        epilog=_EPILOG,
    )
    add_common(parser)
    output = parser.add_argument_group("output")
    output.add_argument("-o", "--output", metavar="DIR", help="write report.html and report.json into DIR")
    for name in WRITTEN:
        output.add_argument(f"--{name}", metavar="F", help=f"write the report as {name} to F (- for standard output)")
    output.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="print the summary (text), or the whole report (json)",
    )
    output.add_argument("--short", action="store_true", help="print the headline and nothing else")
    gate = parser.add_argument_group("judgement")
    gate.add_argument(
        "--fail-on",
        choices=FAIL_ON,
        default="high",
        help="exit 1 for a finding of this severity or worse (default: high)",
    )
    gate.add_argument(
        "--as-of",
        metavar="TIME",
        type=moment,
        help="judge dates of certificates as of this moment, in ISO 8601 (default: the time of collection, else the "
        "newest file time)",
    )
    gate.add_argument(
        "--ignore-file",
        metavar="F",
        help="a YAML list of findings that are accepted: id, nodes, paths, reason, expires",
    )
    gate.add_argument(
        "--baseline",
        metavar="REPORT",
        help="an earlier report.json: findings that it has already do not make the exit code 1",
    )
    memory = parser.add_argument_group("memory")
    memory.add_argument(
        "--store",
        metavar="DIR|s3://…",
        help="add the case to a store of `fleet`, and say what in it was seen before",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Analyse, print the summary, write the reports, and give the exit code."""
    from forensics.facts.intake import ingest  # noqa: PLC0415 - heavy imports only where used: --help is instant

    outputs = _outputs(options)
    _check_store(options)
    uploads, before = _uploads(options)
    ignores, baseline = _accepted(options)
    sys.setswitchinterval(_SWITCH_SECONDS)
    ahead = Thread(target=_prepare, args=([name for _, name in outputs],), daemon=True)
    ahead.start()
    with Progress(options) as progress:
        progress.say("reading the evidence")
        with spending(options) as budget:
            progress.watch(budget, _size(uploads))
            with ingest(uploads, jobs(options), budget) as evidence:
                from forensics import pipeline  # noqa: PLC0415 - loaded ahead meanwhile

                progress.say(f"decoding and judging {len(evidence.files)} files")
                document = pipeline.analyze(evidence, options.as_of, ignores, before=before).document
        if options.store is not None:
            document = _remembered(options, uploads, document)
        if baseline is not None:
            from forensics.report.baseline import apply_baseline  # noqa: PLC0415 - as above

            document = apply_baseline(document, baseline)
        ahead.join()
        written, failed = _write_all(outputs, document, progress)
    if all(path != STDOUT for path, _ in outputs):
        _summary(options, document, written)
    if failed:
        raise OutputError("; ".join(failed))
    from forensics.report.gate import exit_code  # noqa: PLC0415 - as above

    return exit_code(document, options.fail_on)


def _remembered(options: argparse.Namespace, uploads: list[str], document: Document) -> Document:
    """The report with what the store knows that is like it; the store has it then, too."""
    from forensics.fleet.model import Settings  # noqa: PLC0415 - the extra [fleet] only where a store is asked for
    from forensics.fleet.remember import remember  # noqa: PLC0415 - as above

    given = [path for path in (options.ignore_file, *options.inputs) if path is not None and path not in uploads]
    beside = tuple(hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in given)
    settings = Settings(as_of=options.as_of, limits=tuple(options.limit), beside=beside)
    return remember(options.store, uploads, document, settings)


def _check_store(options: argparse.Namespace) -> None:
    """Raise UsageError where the case cannot be added to the store."""
    if options.store is None:
        return
    require_extra()
    if STDOUT in options.inputs:
        raise UsageError("--store keeps where an upload lies: standard input lies nowhere")
    if "://" not in options.store:
        refuse_inside(options.store, options.inputs)


def _size(inputs: list[str]) -> int | None:
    """Bytes of all inputs; None where one is a directory or standard input, and nobody counted them."""
    return sum(map(os.path.getsize, inputs)) if all(map(os.path.isfile, inputs)) else None


def _write_all(outputs: list[tuple[str, str]], document: Document, progress: Progress) -> tuple[list[str], list[str]]:
    """What was written, and why the others could not be: one full disk costs no other output."""
    written: list[str] = []
    failed: list[str] = []
    for path, name in outputs:
        progress.say(f"writing {path}")
        text = rendered(name, document)
        if text is None:
            continue
        try:
            write_output(path, text)
        except OutputError as error:
            failed.append(str(error))
        else:
            written.append(path)
    return written, failed


@stage("loading rules and templates", lambda _: "the program", lambda _: None, needed=True)
def _prepare(formats: list[str]) -> None:
    """Load what judges and compile the templates, which takes a second, while the evidence is being read."""
    from forensics import pipeline  # noqa: F401, PLC0415 - as above
    from forensics.rules.engine import catalogue  # noqa: PLC0415 - as above

    catalogue()
    prepare(formats)


def moment(text: str) -> float:
    """Seconds since 1970 of an ISO 8601 time; one without a zone is UTC."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not an ISO 8601 time: {text!r} (2026-11-23T13:00:00Z)") from None
    seconds = (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
    if believable_time(seconds) is None:
        raise argparse.ArgumentTypeError(f"no time that a certificate could be judged at: {text!r}")
    return seconds


def _outputs(options: argparse.Namespace) -> list[tuple[str, str]]:
    """(path, format) of everything to write, refused now where it cannot be."""
    outputs = [(path, name) for name in WRITTEN if (path := getattr(options, name))]
    if options.format == "json" and (STDOUT, "json") not in outputs:
        outputs.append((STDOUT, "json"))
    if sum(path == STDOUT for path, _ in outputs) > 1:
        raise UsageError("only one format can go to standard output")
    if options.output:
        refuse_inside(options.output, options.inputs)
    for path, _ in outputs:
        refuse_inside(path, options.inputs)
        check_writable(path)
    if options.output:
        make_directory(options.output)
        named = [(os.path.join(options.output, f"report.{name}"), name) for name in ("html", "json")]
        for path, _ in named:
            refuse_inside(path, options.inputs)
            check_writable(path)
        outputs += named
    return outputs


def _accepted(options: argparse.Namespace) -> tuple[list[Ignore], Document | None]:
    """What the ignore file and the baseline say; both are read before the work starts."""
    ignores, baseline = [], None
    if options.ignore_file:
        from forensics.report.ignore import read_ignores  # noqa: PLC0415 - heavy imports only where used

        ignores = read_ignores(options.ignore_file)
    if options.baseline:
        from forensics.report.stored import read_report  # noqa: PLC0415 - as above

        baseline = read_report(options.baseline)
    return ignores, baseline


def _uploads(options: argparse.Namespace) -> tuple[list[str], StoredReport | None]:
    """The inputs, and the earlier report that may be among them."""
    reports = [path for path in options.inputs if path != STDOUT and looks_like_report(path)]
    uploads = [path for path in options.inputs if path not in reports]
    if len(reports) > 1:
        raise UsageError(f"one earlier report at a time: {' and '.join(reports)} are reports")
    if not uploads:
        raise UsageError(f"{reports[0]} is a report, and no upload came with it; `convert` shows a report")
    if not reports:
        return uploads, None
    from forensics.report.stored import read_stored  # noqa: PLC0415 - heavy imports only where used

    return uploads, read_stored(reports[0])


def _summary(options: argparse.Namespace, document: Document, written: list[str]) -> None:
    if options.short or not options.quiet:
        show(as_text(document, options, short=options.short), sys.stdout)
    if written and not options.short and not options.quiet:
        link = linker(options)
        sys.stdout.write(f"written   {', '.join(map(link, written))}\n")
