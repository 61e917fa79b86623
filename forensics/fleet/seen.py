"""What the store knows that is like a report: the same bytes, the same cluster, the same fault elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

from forensics.fleet.notes import Note, notes_of
from forensics.fleet.questions import Questions
from forensics.fleet.store import Store
from forensics.report import document as doc
from forensics.report.document.seen import Seen, SeenCase, SeenFault, SeenNote
from forensics.report.parts.seen_before import ids_of
from forensics.severity import Severity

EXAMPLES_MAX: Final = 5
_EMPTY: Final = hashlib.sha256().hexdigest()  # of a directory in which nothing is known

_CASE: Final = "SELECT DISTINCT c.name, c.collected, c.level"
_SAME_BYTES: Final = (
    f"{_CASE} FROM inputs i JOIN cases c USING (key) "
    "WHERE list_contains(?, i.sha256) AND c.name <> ? ORDER BY c.collected DESC NULLS LAST, c.name"
)
_SAME_CLUSTER: Final = (
    f"{_CASE} FROM nodes n JOIN cases c USING (key) "
    "WHERE list_contains(?, n.server_id) AND c.name <> ? ORDER BY c.collected DESC NULLS LAST, c.name"
)
_SAME_FAULT: Final = (
    f"{_CASE} FROM faults f JOIN cases c USING (key) WHERE f.kind = ? AND f.rule = ? "
    "AND NOT list_contains(?, c.name) ORDER BY c.collected DESC NULLS LAST, c.name"
)


def seen(document: doc.Document, store: Store, questions: Questions, name: str = "") -> Seen:
    """What the store knows that is like a report.

    Args:
        document: the report.
        store: whose notes are told.
        questions: its tables.
        name: of the report's own case, which is not told.
    """
    digests = [one.sha256 for one in document.inputs if one.sha256 not in ("", _EMPTY)]
    ids = sorted({found for cluster in document.clusters for found in ids_of(cluster)})
    same_bytes = questions.rows(_SAME_BYTES, (digests, name))
    same_cluster = questions.rows(_SAME_CLUSTER, (ids, name))
    own = sorted({row[0] for row in (*same_bytes, *same_cluster)})
    notes = notes_of(store)
    return Seen(
        same_bytes=_cases(same_bytes),
        same_cluster=_cases(same_cluster),
        same_fault=tuple(_faults(document, questions, [*own, name], notes)),
        notes=_noted(notes, {*own, name}),
    )


def _faults(document: doc.Document, questions: Questions, own: list[str], notes: Sequence[Note]) -> Iterable[SeenFault]:
    rules = {finding.key: finding.rule for finding in document.findings}
    asked = set()
    for fault in document.case.faults if document.case else ():
        rule = next((rules[key] for key in fault.findings if key in rules), None)
        if rule is None or fault.severity is Severity.INFO or (fault.kind, rule) in asked:
            continue
        asked.add((fault.kind, rule))
        rows = questions.rows(_SAME_FAULT, (fault.kind.value, rule, own))
        if rows:
            yield SeenFault(
                kind=fault.kind,
                rule=rule,
                cases=len(rows),
                examples=_cases(rows[:EXAMPLES_MAX]),
                notes=_noted(notes, {row[0] for row in rows}),
            )


def _cases(rows: Iterable[tuple[Any, ...]]) -> tuple[SeenCase, ...]:
    return tuple(SeenCase(case=name, collected=collected, level=doc.Level(level)) for name, collected, level in rows)


def _noted(notes: Iterable[Note], names: set[str]) -> tuple[SeenNote, ...]:
    return tuple(SeenNote(case=one.name, time=one.time, text=one.text) for one in notes if one.name in names)
