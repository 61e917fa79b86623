"""`fleet seen` and `fleet note`: what the store knows that is like an upload, and what people wrote of cases."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from forensics.commands.common import add_common, add_format
from forensics.commands.diff import print_difference
from forensics.commands.fleet_run import add_store
from forensics.commands.reading import reading, say, spending
from forensics.errors import UsageError
from forensics.report.stored_head import looks_like_report
from forensics.shown import plain

if TYPE_CHECKING:
    from forensics.fleet.lookup import Found
    from forensics.fleet.questions import Questions
    from forensics.report.document import Document
    from forensics.report.document.seen import Seen


def add(actions: Any) -> None:
    """Add the actions and their arguments."""
    seen = actions.add_parser(
        "seen",
        help="what the store knows that is like an upload",
        description="Cases of the store with the same bytes, of the same cluster, and with the same faults; and what "
        "notes say of them.",
    )
    seen.add_argument("upload", metavar="UPLOAD|REPORT", help="an upload, or a report.json")
    seen.add_argument(
        "--diff", action="store_true", help="then compare with the newest other upload of the same cluster"
    )
    add_store(seen)
    add_common(seen, inputs=None)
    add_format(seen)
    seen.set_defaults(run=run_seen)
    note = actions.add_parser("note", help="write what a case was, or what helped; without TEXT: show its notes")
    note.add_argument("case", metavar="CASE", help="its name, or an end of it that no other name has")
    note.add_argument("text", metavar="TEXT", nargs="?", help="the note")
    add_store(note)
    add_common(note, inputs=None)
    note.set_defaults(run=run_note)


def run_seen(options: argparse.Namespace) -> int:
    """Analyse the upload, or read the report, and print what the store knows that is like it."""
    from forensics.fleet.questions import asking  # noqa: PLC0415 - heavy imports only where used
    from forensics.fleet.seen import seen  # noqa: PLC0415 - as above
    from forensics.fleet.store import opened  # noqa: PLC0415 - as above
    from forensics.report.json_text import json_of  # noqa: PLC0415 - as above
    from forensics.report.seen_text import seen_lines  # noqa: PLC0415 - as above

    document, is_report = _document(options)
    store = opened(options.store)
    with asking(store) as questions:
        found = seen(document, store, questions)
        other = _newest_other(questions, found) if options.diff else None
    if options.format == "json":
        sys.stdout.write(json_of(found))
    else:
        lines = list(seen_lines(found)) or ["nothing in the store is like it"]
        sys.stdout.write(plain("".join(f"{line}\n" for line in lines)))
    if options.diff:
        _compare(options, other, is_report=is_report)
    return 0


def _document(options: argparse.Namespace) -> tuple[Document, bool]:
    """The report of what is given, and whether it was one already."""
    from forensics import pipeline  # noqa: PLC0415 - heavy imports only where used
    from forensics.report.stored import read_report  # noqa: PLC0415 - as above

    if looks_like_report(options.upload):
        return read_report(options.upload), True
    with spending(options) as budget, reading([options.upload], budget) as evidence:
        return pipeline.analyze(evidence).document, False


def _newest_other(questions: Questions, found: Seen) -> Found | None:
    """The newest case of the same cluster whose bytes are others."""
    from forensics.fleet.lookup import case_named  # noqa: PLC0415 - heavy imports only where used

    same = {one.case for one in found.same_bytes}
    return next((case_named(questions, one.case) for one in found.same_cluster if one.case not in same), None)


def _compare(options: argparse.Namespace, other: Found | None, *, is_report: bool) -> None:
    if is_report:
        raise UsageError("--diff compares uploads: give the upload itself")
    if other is None:
        say("no other upload of this cluster is in the store")
        return
    sys.stdout.write(plain(f"\ncompared with {other.name}:\n"))
    print_difference(options, list(other.paths), [options.upload])


def run_note(options: argparse.Namespace) -> int:
    """Write a note, or show all of a case."""
    from forensics.fleet.lookup import case_named  # noqa: PLC0415 - heavy imports only where used
    from forensics.fleet.notes import add_note, notes_of  # noqa: PLC0415 - as above
    from forensics.fleet.questions import asking  # noqa: PLC0415 - as above
    from forensics.fleet.store import opened  # noqa: PLC0415 - as above

    store = opened(options.store)
    with asking(store) as questions:
        name = case_named(questions, options.case).name
    if options.text is not None:
        add_note(store, name, options.text)
        return 0
    for note in notes_of(store):
        if note.name == name:
            sys.stdout.write(plain(f"{note.time}  {note.text}\n"))
    return 0
