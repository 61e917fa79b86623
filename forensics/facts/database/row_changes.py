"""What is different between two states of a database, as those who run the product know it: `profile web: limits.cpu`.

Made of the rows that differ (row_difference.py) and the words for their tables (product_tables.py). Products replace
rows: an update deletes all settings of an object and inserts them anew, under new ids. So rows that went and rows that
came are one where they name the same, and nothing where they say the same.

Values leave only where the table or the setting is known as harmless (forensics/parsers/secret_values.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from forensics.facts.database.open import Database
from forensics.facts.database.product_names import Names
from forensics.facts.database.product_tables import Noun, Tables, columns_of, tables_of
from forensics.facts.database.row_change import FieldChange, Named, Operation, RowChange, RowChanges
from forensics.facts.database.row_difference import RowDifference, TableDifference, table_differences
from forensics.facts.database.row_sorting import Fate, Sorting
from forensics.ingest.paths import printable
from forensics.limits import ROW_CHANGES_MAX


def row_changes(name: str, before: Database | None, after: Database | None, without: Sequence[str] = ()) -> RowChanges:
    """What is different behind `before`. Raises QueryError where an image cannot be read.

    Args:
        name: the database's.
        before: one state of it; None where it does not exist then.
        after: the other one.
        without: tables that are left out.
    """
    found = list(table_differences(before, after, without))
    words = _fitting(before, after)
    sorting = Sorting(words, Names(before, words), Names(after, words))
    changes: list[RowChange] = []
    spoken: set[str] = set()
    for table in found:
        rest = [row for row in table.rows if not sorting.take(table, row)]
        changes += _nameless(name, table, rest)
        spoken |= {table.table} if rest else set()
    for fate, fields in sorting.told():
        changes.append(_change(name, fate, fields))
        spoken |= fate.tables
    changes.sort(key=_weight)
    return RowChanges(
        tuple(changes[:ROW_CHANGES_MAX]),
        len(changes),
        sum(len(table.rows) for table in found),
        tuple(printable(table.table) for table in found),
        tuple(printable(table.table) for table in found if table.table not in spoken),
        tuple(printable(table.table) for table in found if table.not_compared),
    )


def _fitting(*sides: Database | None) -> Tables:
    """The words for the tables that have the columns that these need, on both sides."""
    columns: dict[str, list[frozenset[str]]] = defaultdict(list)
    present = [(side, side.tables()) for side in sides if side is not None]
    words = tables_of(frozenset[str]().union(*(tables for _, tables in present)))
    for side, tables in present:
        for table in words.keys() & tables:
            told = side.rows("SELECT name FROM pragma_table_info(?)", (table,))
            columns[table].append(frozenset(column for (column,) in told))
    return {
        table: words[table] for table, told in columns.items() if all(columns_of(words[table]) <= one for one in told)
    }


def _change(database: str, fate: Fate, fields: tuple[FieldChange, ...]) -> RowChange:
    thing, *within = fate.path
    shown = tuple(one for one in within if one != Named(Noun.PROJECT, "default"))
    return RowChange(database, fate.table, fate.operation, thing, shown, fields, fate.rows)


def _nameless(database: str, table: TableDifference, rows: list[RowDifference]) -> Iterator[RowChange]:
    """Rows without words: one change for each operation; alone, a row is known by its number."""
    for operation, group in groupby(sorted(rows, key=lambda row: _operation(row).value), _operation):
        several = list(group)
        key = several[0].key
        name = str(key[0]) if len(several) == 1 and len(key) == 1 and isinstance(key[0], int) else ""
        changed = {column for row in several for column in _changed(table, row)}
        fields = tuple(FieldChange(printable(column), told=False) for column in table.columns if column in changed)
        named = Named(Noun.ROW, name)
        yield RowChange(database, printable(table.table), operation, named, fields=fields, rows=len(several))


def _operation(row: RowDifference) -> Operation:
    if row.before is None:
        return Operation.ADDED
    return Operation.DELETED if row.after is None else Operation.CHANGED


def _changed(table: TableDifference, row: RowDifference) -> list[str]:
    if row.before is None or row.after is None:
        return []
    both = zip(table.columns, row.before, row.after, strict=True)
    return [column for column, old, new in both if old != new]


_NOUNS = list(Noun)


def _weight(change: RowChange) -> tuple[object, ...]:
    """What came or went before what changed, rows without words last; then by noun and name."""
    noun, name = change.thing.noun, change.thing.name
    return noun is Noun.ROW, change.operation is Operation.CHANGED, _NOUNS.index(noun), name, change.table
