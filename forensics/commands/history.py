"""`history`: list every change of one kine key."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from forensics.commands.common import add_common, add_format
from forensics.commands.reading import say
from forensics.commands.rows import write_rows
from forensics.commands.time_machine import add_choice, chosen
from forensics.errors import InputError
from forensics.masking.text import shown
from forensics.shown import plain_json

if TYPE_CHECKING:
    from forensics.facts.database.key_history import Beginning, Change

_COLUMNS = ("index", "term", "revision", "operation", "lease", "size", "digest", "object")


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "history",
        help="list every change of one kine key",
        description="List every change of one key of kine, the datastore of Kubernetes, with index, term and revision. "
        "Values are never shown.",
    )
    add_common(parser)
    add_choice(parser, at=False)
    parser.add_argument("key", metavar="KEY", help="the key, such as /registry/pods/default/web or compact_rev_key")
    parser.add_argument("--compacted", action="store_true", help="list also rows that a compaction deleted")
    add_format(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Follow the log, and print the changes."""
    from forensics.facts.database.key_history import Operation, begin, changes  # noqa: PLC0415 - heavy imports only where used

    with chosen(options, None) as choice:
        name = choice.database(options.database)
        beginning = begin(choice.timeline, name)
        if beginning is None:
            raise InputError(
                ", ".join(options.inputs),
                "no state from which the log can be followed to its end",
            )
        try:
            if beginning.snapshot is not None and not options.quiet:
                say(f"the history begins after index {beginning.snapshot.name.index}: earlier rows have no index")
            found = (
                change
                for change in changes(choice.timeline, beginning, name, options.key)
                if options.compacted or change.operation is not Operation.COMPACT
            )
            _write(found, beginning, options.format)
        finally:
            beginning.replay.close()
    return 0


def _write(found: Iterator[Change], beginning: Beginning, form: str) -> None:
    at_most = beginning.snapshot.name.index if beginning.snapshot else None
    if form == "text":
        write_rows(sys.stdout, _COLUMNS, (_row(change, at_most) for change in found), "text")
        return
    lead = "[\n"
    for change in found:
        sys.stdout.write(f"{lead} {plain_json(json.dumps(_document(change, at_most), ensure_ascii=False))}")
        lead = ",\n"
    sys.stdout.write("[]\n" if lead == "[\n" else "\n]\n")


def _row(change: Change, at_most: int | None) -> list[object]:
    index = f"<={at_most}" if change.index is None else change.index
    size = "" if change.size is None else change.size
    words = [change.term, change.revision, change.operation.value, change.lease or "", size, change.digest or ""]
    return [index, *words, shown(_words(change))]


def _words(change: Change) -> str:
    content = change.content
    if content is None:
        return ""
    if content.encoding == "encrypted":
        return f"encrypted ({content.provider})"
    name = "/".join(part for part in (content.namespace, content.name) if part)
    return " ".join(part for part in (content.api_version, content.kind, name) if part) or content.encoding


def _document(change: Change, at_most: int | None) -> dict[str, object]:
    content = change.content
    return {
        "index": change.index,
        "indexAtMost": at_most if change.index is None else change.index,
        "term": change.term,
        "revision": change.revision,
        "operation": change.operation.value,
        "createRevision": change.create_revision,
        "prevRevision": change.prev_revision,
        "lease": change.lease,
        "size": change.size,
        "digest": change.digest,
        "object": content
        and {
            "encoding": content.encoding,
            "apiVersion": content.api_version,
            "kind": content.kind,
            "name": shown(content.name),
            "namespace": shown(content.namespace),
            "provider": shown(content.provider),
        },
    }
