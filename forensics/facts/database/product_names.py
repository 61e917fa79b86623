"""Rows → what they are called, in one state of a product's database: `instance db1`, and what that belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from forensics.facts.database.open import Database
from forensics.facts.database.product_tables import Owner, Tables, Thing
from forensics.facts.database.row_change import Named
from forensics.facts.database.row_difference import Value
from forensics.masking.text import masked_name

Values = Mapping[str, Value]
"""One row: column → value."""
Path = tuple[Named, ...]
"""A thing, and what it belongs to: the nearest first."""

_DEPTH_MAX = 4  # a device of a snapshot of an instance in a project; a schema of our own, so this only stops mistakes


class Names:
    """Asks one state of a database.

    Args:
        database: the state; None where the database does not exist then.
        words: its tables.
    """

    def __init__(self, database: Database | None, words: Tables) -> None:
        self._database = database
        self._words = words
        self._tables = database.tables() if database is not None else frozenset[str]()
        self._rows: dict[tuple[str, int], Values | None] = {}

    def path(self, table: str, values: Values, depth: int = 0) -> Path | None:
        """What a row is called, and what it belongs to; None where it has no name, or its owner is not there."""
        words = self._words.get(table)
        if not isinstance(words, Thing) or depth > _DEPTH_MAX:
            return None
        name = values.get(words.name)
        if not isinstance(name, str | int) or isinstance(name, bool):
            return None
        named = Named(words.noun, masked_name(str(name)))
        if words.owner is None:
            return (named,)
        owner = self.owner(words.owner, values, depth)
        return None if owner is None else (named, *owner)

    def owner(self, owner: Owner, values: Values, depth: int = 0) -> Path | None:
        """What a row belongs to."""
        row = self._row(owner.table, values.get(owner.column))
        return None if row is None else self.path(owner.table, row, depth + 1)

    def referred(self, table: str, number: Value) -> str | None:
        """The name of the row with an id."""
        row = self._row(table, number)
        path = None if row is None else self.path(table, row)
        return path[0].name if path else None

    def _row(self, table: str, number: Value) -> Values | None:
        words = self._words.get(table)
        if self._database is None or table not in self._tables or not isinstance(number, int) or words is None:
            return None
        key = (table, number)
        if key not in self._rows:
            columns = [words.name] if isinstance(words, Thing) else []
            columns += [words.owner.column] if words.owner else []
            listed = ", ".join(f'"{column}"' for column in columns)
            sql = f'SELECT {listed} FROM "{table}" WHERE id = ?'  # noqa: S608 - names of product_tables.py
            rows = self._database.rows(sql, (number,))
            self._rows[key] = dict(zip(columns, rows[0], strict=True)) if rows else None
        return self._rows[key]
