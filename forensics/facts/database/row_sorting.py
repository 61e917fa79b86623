"""Rows that differ → things that differ: which rows are one thing's, on both sides, by what they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from forensics.facts.database.product_names import Names, Path, Values
from forensics.facts.database.product_tables import QUIET_SETTINGS, Link, Quiet, Setting, Table, Tables, Thing
from forensics.facts.database.row_change import FieldChange, Operation
from forensics.facts.database.row_difference import RowDifference, TableDifference, Value
from forensics.masking.text import masked_name
from forensics.parsers.secret_values import plain_setting, plain_value

Key = tuple[str, Path, int]
"""A thing: its table, what it is called, and which of several that are called so."""


@dataclass(slots=True)
class Fate:
    """One thing, and what became of it.

    Attributes:
        table, path: which.
        rows: that differ and are about it. tables: where these are.
        before, after: its own row, where that differs; None on the side where it is not there.
        settings: (key, member) → what differs, on both sides.
        links: field → what the owner was connected with, on both sides.
    """

    table: str
    path: Path
    rows: int = 0
    tables: set[str] = field(default_factory=set)
    before: Values | None = None
    after: Values | None = None
    settings: dict[tuple[str, str], list[Value]] = field(default_factory=dict)
    links: dict[str, tuple[Counter[tuple[Value, ...]], Counter[tuple[Value, ...]]]] = field(default_factory=dict)

    @property
    def operation(self) -> Operation:
        """What happened to it. One whose own row is equal on both sides, or is not among those that differ, changed."""
        if (self.before is None) == (self.after is None):
            return Operation.CHANGED
        return Operation.DELETED if self.after is None else Operation.ADDED


class Sorting:
    """Takes rows, and gives things.

    Args:
        words: of the product's tables.
        before, after: the two states, for names.
    """

    def __init__(self, words: Tables, before: Names, after: Names) -> None:
        self._words = words
        self._sides = (before, after)
        self._seen: Counter[tuple[int, str, Path]] = Counter()
        self.fates: dict[Key, Fate] = {}

    def take(self, table: TableDifference, row: RowDifference) -> bool:
        """Take one row; False where there are no words for it."""
        words = self._words.get(table.table)
        if words is None or isinstance(words, Quiet):
            return words is not None
        there = [
            (side, dict(zip(table.columns, values, strict=True)))
            for side, values in enumerate((row.before, row.after))
            if values is not None
        ]
        fates = [self._fate(words, table.table, side, values) for side, values in there]
        about = [fate for fate in fates if fate is not None]
        if len(about) < len(there):
            return False
        if isinstance(words, Thing):
            about = about[:1] * len(there)  # renamed, or moved: one thing still
        for fate in {id(fate): fate for fate in about}.values():
            fate.rows += 1
            fate.tables.add(table.table)
        for fate, (side, values) in zip(about, there, strict=True):
            self._note(fate, words, side, values)
        return True

    def told(self) -> Iterator[tuple[Fate, tuple[FieldChange, ...]]]:
        """Each thing that differs, with what of it does; parts of what came or went are told with that."""
        for key, fate in self.fates.items():
            whole = self._whole(key)
            if whole is not None:
                whole.rows += fate.rows
                whole.tables |= fate.tables
        for key, fate in self.fates.items():
            if self._whole(key) is not None:
                continue
            fields = tuple(self._fields(fate)) if fate.operation is Operation.CHANGED else ()
            if fields or fate.operation is not Operation.CHANGED:
                yield fate, fields

    def _fate(self, words: Thing | Setting | Link, table: str, side: int, values: Values) -> Fate | None:
        """The thing that a row is about: itself, or its owner."""
        names = self._sides[side]
        if isinstance(words, Thing):
            path = names.path(table, values)
            if path is None:
                return None
            number = self._seen[side, table, path]
            self._seen[side, table, path] += 1
            return self.fates.setdefault((table, path, number), Fate(table, path))
        path = names.owner(words.owner, values)
        if path is None:
            return None
        return self.fates.setdefault((words.owner.table, path, 0), Fate(words.owner.table, path))

    def _note(self, fate: Fate, words: Table, side: int, values: Values) -> None:
        if isinstance(words, Setting):
            member = self._sides[side].referred("nodes", values.get("node_id")) if words.node else None
            fate.settings.setdefault((str(values["key"]), member or ""), [None, None])[side] = values["value"]
        elif isinstance(words, Link):
            both = fate.links.setdefault(words.field, (Counter(), Counter()))
            both[side][tuple(values[column] for column in words.columns)] += 1
        elif side:
            fate.after = values
        else:
            fate.before = values

    def _whole(self, key: Key) -> Fate | None:
        """What a part came or went with: the outermost thing that did; None where it is told by itself."""
        table, path, _ = key
        whole = None
        while (words := self._words.get(table)) and words.owner and words.owner.part and len(path) > 1:
            table, path = words.owner.table, path[1:]
            owner = self.fates.get((table, path, 0))
            if owner is not None and owner.operation is not Operation.CHANGED:
                whole = owner
        return whole

    def _fields(self, fate: Fate) -> Iterator[FieldChange]:
        words = self._words[fate.table]
        if fate.before is not None and fate.after is not None and isinstance(words, Thing):
            yield from self._columns(words, fate.before, fate.after)
        for name, sides in sorted(fate.links.items()):
            if sides[0] != sides[1]:
                yield FieldChange(name, told=False)
        for (key, member), (before, after) in sorted(fate.settings.items()):
            if before != after and not key.startswith(QUIET_SETTINGS):
                yield _field(key, before, after, plain_setting(key, before), plain_setting(key, after), member)

    def _columns(self, words: Thing, before: Values, after: Values) -> Iterator[FieldChange]:
        for column in before:
            if before[column] != after.get(column) and column != "id" and column not in words.quiet:
                yield from self._column(words, column, before, after)

    def _column(self, words: Thing, column: str, before: Values, after: Values) -> Iterator[FieldChange]:
        owner = words.owner if words.owner is not None and column == words.owner.column else None
        if owner is None and column not in words.shown:
            yield FieldChange(masked_name(column), told=False)
            return
        texts = self._referred(owner.table, column, before, after) if owner else None
        if owner is not None and owner.part and texts is not None and texts[0] == texts[1]:
            return  # its owner was replaced by one of the same name
        yield _field(column, before[column], after[column], *(texts or self._plain(words, column, before, after)))

    def _referred(self, table: str, column: str, before: Values, after: Values) -> tuple[str | None, str | None]:
        old, new = self._sides
        return old.referred(table, before[column]), new.referred(table, after[column])

    def _plain(self, words: Thing, column: str, before: Values, after: Values) -> tuple[str | None, str | None]:
        if words.refers and column in words.refers:
            return self._referred(words.refers[column], column, before, after)
        if column == "value":
            key = str(before[words.name])
            return plain_setting(key, before[column]), plain_setting(key, after[column])
        return plain_value(column, before[column]), plain_value(column, after[column])


def _field(name: str, before: Value, after: Value, old: str | None, new: str | None, member: str = "") -> FieldChange:
    """With its values, where each that is there may be told."""
    told = (before is None or old is not None) and (after is None or new is not None)
    return FieldChange(masked_name(name), old if told else None, new if told else None, told, member)
