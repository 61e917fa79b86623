"""The moment that dates were judged at, and where it comes from."""

from __future__ import annotations

from datetime import UTC, datetime

from forensics.facts.machine.words import source_words
from forensics.report import document as doc
from forensics.report.parts.context import Context


def build_as_of(context: Context) -> doc.AsOf:
    """ISO 8601 in UTC, or null where nothing tells the time."""
    moment = context.case.as_of
    try:
        text = None if moment is None else datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):  # an archive may claim any number
        text = None
    return doc.AsOf(time=text, source=source_words(context.case.moment))
