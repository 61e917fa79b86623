"""One difference, as the document has it: what, before, after, and the trend."""

from __future__ import annotations

from forensics.facts.cluster.comparison_words import subject_words, value_words
from forensics.facts.cluster.state_change import Change, Trend, Value
from forensics.report.document.difference import Difference


def row_of(change: Change) -> Difference:
    """Of a difference that the facts told."""
    return row(subject_words(change.subject), _words(change.before), _words(change.after), change.trend)


def _words(value: Value | None) -> str | None:
    return None if value is None else value_words(value)


def row(what: str, before: str | None, after: str | None, trend: Trend) -> Difference:
    """Before and after in words; None where there was or is nothing."""
    return Difference(what=what, a=before, b=after, trend=trend)


def better_or_worse(before: bool | None, after: bool | None) -> Trend:
    """Of something that was well, or is."""
    if before is False and after is True:
        return Trend.REPAIRED
    return Trend.WORSE if after is False and before is not False else Trend.CHANGED
