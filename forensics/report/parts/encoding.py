"""Small shared encodings of the document: IDs as strings, roles as words, spans as paths and numbers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from forensics.evidence import Span
from forensics.facts.database.row_change import Named, RowChange
from forensics.facts.database.words import row_change_words
from forensics.facts.log.range_writes import RangeWrites
from forensics.parsers.configuration import Server
from forensics.parsers.member_record import MemberRecord
from forensics.report import document as doc


def id_text(value: int | None) -> str | None:
    """IDs are 64-bit and unsigned, more than a JSON number safely holds: they travel as strings."""
    return None if value is None else str(value)


def server(member: Server | MemberRecord) -> doc.Server:
    """A member of a raft configuration, or a record of info.yaml or cluster.yaml."""
    return doc.Server(id=id_text(member.id), address=member.address, role=member.role)


def servers(members: Iterable[Server | MemberRecord]) -> tuple[doc.Server, ...]:
    """All of them, in their order."""
    return tuple(server(member) for member in members)


def written(wrote: RangeWrites) -> doc.Written:
    """What a range of the log wrote."""
    return doc.Written(
        keys=tuple(wrote.keys),
        keys_total=wrote.keys_total,
        writes=wrote.writes,
        tables=tuple(wrote.tables),
        rows=tuple(row_change(change) for change in wrote.rows),
        rows_total=wrote.rows_total,
        not_compared=tuple(wrote.not_compared),
    )


def row_change(change: RowChange) -> doc.RowChange:
    """One thing of a product's database that is different."""
    return doc.RowChange(
        database=change.database,
        table=change.table,
        operation=change.operation,
        thing=_named(change.thing),
        within=tuple(_named(one) for one in change.within),
        fields=tuple(
            doc.FieldChange(name=one.name, before=one.before, after=one.after, told=one.told, member=one.member)
            for one in change.fields
        ),
        rows=change.rows,
        words=row_change_words(change),
    )


def _named(one: Named) -> doc.Named:
    return doc.Named(noun=one.noun, name=one.name)


def span(at: Span) -> doc.Span:
    """Where bytes lie."""
    return doc.Span(path=at.path, offset=at.offset, length=at.length)


def iso_time(time: float | None) -> str | None:
    """Seconds since 1970 as `2026-11-23T12:58:41Z`; None for a time that no calendar has."""
    try:
        return None if time is None else datetime.fromtimestamp(time, UTC).isoformat(timespec="seconds")[:19] + "Z"
    except (ValueError, OverflowError, OSError):
        return None
