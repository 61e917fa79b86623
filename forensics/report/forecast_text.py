"""The forecast for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from forensics.report.case_lines import copy_words
from forensics.report.document import Forecast
from forensics.wording import count

_WIDTH = 110


def forecast_text(one: Forecast) -> str:
    """One node's forecast as text, ending in a newline."""
    return "\n".join(_lines(one)) + "\n"


def _lines(one: Forecast) -> Iterator[str]:
    yield from _head(one)
    yield from _wrapped(one.words or "", "  ")
    if one.assumed_removed:
        yield f"  as if removed: {', '.join(one.assumed_removed)}"
    if one.assumed_lost:
        yield f"  as if lost for good: {', '.join(one.assumed_lost)}"
    if one.start_index is not None:
        snapshot = one.snapshot
        base = f" and the snapshot at {snapshot.index} of term {snapshot.term}" if snapshot else ""
        vote = f"term {one.term}, vote {one.voted_for}"
        loads = f"{count(one.entries, 'entry')} from {one.start_index} on" if one.entries else "no entries"
        yield f"  loads {loads}{base}; {vote}"
    for change in one.changes:
        to = f" to {change.to}" if change.to else ""
        size = f" at byte {change.size}" if change.size is not None else ""
        yield f"  would {change.action} {change.path}{to}{size}"
    for number, proposal in enumerate(one.proposals, 1):
        yield from _wrapped(f"proposal {number}: {proposal.words}", "  ")
    if one.proposals:
        yield "  (proposals are not carried out; work on a copy)"


def _head(one: Forecast) -> Iterator[str]:
    """Whether to start it, and the version that this is about."""
    copy = copy_words(one.copy_kind, one.copy_of) if one.copy_of and one.copy_kind else ""
    said = copy or (one.together.words if one.together else "")
    if said:
        yield from _wrapped(f"{one.node}: {said}", "")
        yield f"  {one.library}: {one.library_reason}"
    else:
        yield f"{one.node}: {one.outcome}   ({one.library}: {one.library_reason})"


def _wrapped(text: str, indent: str) -> list[str]:
    wrapper = textwrap.TextWrapper(
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_on_hyphens=False,
        break_long_words=False,
    )
    return wrapper.wrap(text)
