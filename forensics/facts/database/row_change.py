"""The nouns of what is different in a product's database. Data; the words are made in words.py."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from forensics.facts.database.product_tables import Noun


class Operation(StrEnum):
    """What happened to a thing. Values are those of the document."""

    ADDED = "added"
    DELETED = "deleted"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Named:
    """A thing by its noun and its name; a row without words may have no name."""

    noun: Noun
    name: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One setting or column of a thing.

    Attributes:
        name: `limits.cpu`.
        before, after: its values; None where there is none on that side, or `told` is false.
        told: the values may be told.
        member: the one that a setting is for; empty where it is for all.
    """

    name: str
    before: str | None = None
    after: str | None = None
    told: bool = True
    member: str = ""


@dataclass(frozen=True, slots=True)
class RowChange:
    """One thing that is different.

    Attributes:
        database, table: where.
        operation: what happened to it.
        thing: what it is. Of a table without words a row, by its key where that is one number, else nameless.
        within: what it belongs to, the nearest first; the project only where it is not `default`.
        fields: of CHANGED, what of it, by name.
        rows: of the database that this is about, those of its parts too.
    """

    database: str
    table: str
    operation: Operation
    thing: Named
    within: tuple[Named, ...] = ()
    fields: tuple[FieldChange, ...] = ()
    rows: int = 1


@dataclass(frozen=True, slots=True)
class RowChanges:
    """What is different in one database.

    Attributes:
        changes: the things, those that came and went first; at most ROW_CHANGES_MAX.
        total: how many things there are.
        rows: how many rows differ; those that change while nothing happens (heartbeats) count too.
        tables: that differ, by name.
        untold: of these, those of which no change tells.
        not_compared: tables with too many rows, and those that were left when time was over.
    """

    changes: tuple[RowChange, ...] = ()
    total: int = 0
    rows: int = 0
    tables: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
