"""What a store of earlier cases knows that is like this one, in a few lines: for the terminal, Markdown, the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forensics.report.document.seen import Seen, SeenCase, SeenFault, SeenNote
from forensics.wording import count, listed

_SHOWN = 3  # cases of one line; report.json has all


def seen_lines(seen: Seen | None) -> Iterator[str]:
    """Nothing where no store was asked, or knows nothing."""
    if seen is None:
        return
    if seen.same_bytes:
        yield f"the same upload is in the store: {_cases(seen.same_bytes)}"
    if seen.same_cluster:
        number = count(len(seen.same_cluster), "upload")
        yield f"{number} of the same cluster: {_cases(seen.same_cluster)}"
    yield from map(_note, seen.notes)
    for fault in seen.same_fault:
        yield _fault(fault)
        yield from map(_note, fault.notes)


def _fault(fault: SeenFault) -> str:
    return f"{fault.kind} ({fault.rule}) in {count(fault.cases, 'case')} of other clusters: {_cases(fault.examples)}"


def _cases(cases: Iterable[SeenCase]) -> str:
    """Newest first; with the day, where it is known."""
    return listed((f"{one.case} ({one.collected[:_DAY]})" if one.collected else one.case for one in cases), _SHOWN)


def _note(note: SeenNote) -> str:
    return f"note of {note.case}: {note.text}"


_DAY = len("2026-11-23")
