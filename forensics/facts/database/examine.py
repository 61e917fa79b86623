"""What is in a node's databases at its last index, and whether they are whole and consistent.

Every step has a bound, and what was not examined has a reason.
"""

from __future__ import annotations

import re
from dataclasses import replace

from forensics.barrier import stage
from forensics.errors import SpaceError
from forensics.evidence import Span
from forensics.facts.database.claimed import claimed_bytes
from forensics.facts.database.k8sd_tables import read_members, read_tables
from forensics.facts.database.kine_health import is_kine, read_kine
from forensics.facts.database.loss import Loss
from forensics.facts.database.open import Database, QueryError
from forensics.facts.database.pages import Pages
from forensics.facts.database.rebuild import rebuild
from forensics.facts.database.replay_check import Difference, compare_newest
from forensics.facts.database.summary import DatabaseFacts, Databases, NotExamined, WhyNot
from forensics.facts.database.timeline import Timeline, timeline_of
from forensics.facts.node.node import Node
from forensics.ingest.paths import printable
from forensics.limits import EXAMINED_BYTES_MAX, INTEGRITY_ERRORS_MAX, INTEGRITY_SECONDS_MAX

_PAGE_IN_MESSAGE = re.compile(r"\bpage (\d{1,10})\b")


def _broken(_: Node) -> Databases:
    return Databases(not_examined=NotExamined(WhyNot.BROKEN))


@stage("looking into the databases", lambda node: node.name, _broken)
def examine(node: Node) -> Databases:
    """Rebuild a node's databases at its last index, and look at each."""
    claimed = max(claimed_bytes(node).values(), default=0)
    if claimed > EXAMINED_BYTES_MAX:
        return Databases(not_examined=NotExamined(WhyNot.TOO_LARGE, claimed))
    try:
        timeline = _timeline(node)
        rebuilt = rebuild(timeline)
        if rebuilt is None:
            return Databases()
        with rebuilt:
            base = rebuilt.snapshot
            origin = base.file.at if base else _log_start(node)
            found = tuple(
                _examine(pages, tuple(rebuilt.losses(name)), origin)
                for name, pages in sorted(rebuilt.databases.items())
            )
            name = base.file.name if base else None
            return Databases(rebuilt.index, rebuilt.term, name, found, None)
    except SpaceError as error:
        return Databases(not_examined=NotExamined(WhyNot.NO_SPACE, detail=error.why))


@stage("comparing the snapshot with the log", lambda node: node.name, lambda _: None)
def compare(node: Node) -> Difference | None:
    """How a node's newest snapshot differs from the log that leads to it; None where that cannot be compared."""
    try:
        return compare_newest(_timeline(node), claimed_bytes(node))
    except SpaceError:
        return None  # no temporary space: `examine`, which needs as much, says so


def _broken_database(pages: Pages, losses: tuple[Loss, ...], origin: Span) -> DatabaseFacts:
    trouble = NotExamined(WhyNot.BROKEN)
    count = pages.page_size, pages.count
    return DatabaseFacts(pages.name, *count, None, losses, None, trouble, None, None, (origin,))


@stage("looking into the database", lambda pages, *_: pages.name, _broken_database)
def _examine(pages: Pages, losses: tuple[Loss, ...], origin: Span) -> DatabaseFacts:
    integrity: tuple[str, ...] | None = None
    free = kine = members = tables = None
    trouble: NotExamined | None = None
    if pages.size > EXAMINED_BYTES_MAX:
        trouble = NotExamined(WhyNot.TOO_LARGE, pages.size)
    else:
        try:
            with Database(pages) as database:
                integrity = _integrity(database)
                ((free,),) = database.rows("PRAGMA freelist_count")
                members = read_members(database)
                tables = read_tables(database)
                kine = read_kine(database) if is_kine(database) else None
        except QueryError as error:
            trouble = NotExamined(WhyNot.QUERY, detail=str(error))
            if error.damage and integrity in (None, ("ok",)):
                integrity = (str(error),)
    return DatabaseFacts(
        pages.name,
        pages.page_size,
        pages.count,
        free,
        losses,
        integrity,
        trouble,
        kine,
        members,
        (*_places(pages, integrity or ()), pages.span(1) or origin),
        tables,
    )


def _integrity(database: Database) -> tuple[str, ...]:
    """Its messages as they are: numbers of pages, trees and rows, names of indexes, nothing of what rows hold."""
    try:
        rows = database.rows(f"PRAGMA integrity_check({INTEGRITY_ERRORS_MAX})", seconds=INTEGRITY_SECONDS_MAX)
    except QueryError as error:
        if not error.damage:
            raise
        # Damage that ends the whole check; the quick one, without indexes, often still says where it is.
        rows = database.rows(f"PRAGMA quick_check({INTEGRITY_ERRORS_MAX})", seconds=INTEGRITY_SECONDS_MAX)
    lines = (line for (text,) in rows for line in str(text).splitlines() if not line.startswith("***"))
    return tuple(printable(line[:200]) for line in lines)


def _places(pages: Pages, messages: tuple[str, ...]) -> tuple[Span, ...]:
    """Where the pages that messages name lie in the log."""
    numbers = {int(number) for message in messages for number in _PAGE_IN_MESSAGE.findall(message)}
    return tuple(span for number in sorted(numbers)[:10] if (span := pages.span(number)))


def _timeline(node: Node) -> Timeline:
    """With the segments that were decoded already, and without open ones whose indexes are not known."""
    timeline = timeline_of(node.state, {segment.path: segment for _, segment, _ in node.log.parts()})
    unplaced = {part.file.name for part in node.log.open if part.first is None}
    return replace(timeline, open=[file for file in timeline.open if file.name not in unplaced])


def _log_start(node: Node) -> Span:
    return (node.log.closed or node.log.open)[0].file.at
