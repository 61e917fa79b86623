"""Two states of one database as SQLite itself wrote them, for our comparison and for its own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from forensics.facts.database.open import Database
from forensics.facts.database.pages import Pages
from forensics.facts.database.row_change import RowChanges
from forensics.facts.database.row_changes import row_changes
from forensics.facts.database.row_difference import TableDifference, table_differences


class Images:
    """Two states of a database as files, for SQLite itself and for us."""

    def __init__(self, folder: Path, before: bytes, after: bytes) -> None:
        self.paths = [folder / "before.sqlite", folder / "after.sqlite"]
        self.pages = []
        for path, image in zip(self.paths, (before, after), strict=True):
            path.write_bytes(image)
            pages = Pages(path.stem, 4096)
            pages.copy(1, image)
            self.pages.append(pages)

    def ours(self, seconds: float | None = None) -> dict[str, TableDifference]:
        with Database(self.pages[0]) as before, Database(self.pages[1]) as after:
            return {found.table: found for found in table_differences(before, after, seconds=seconds)}

    def opened(self) -> Database:
        """The later one."""
        return Database(self.pages[1])

    def changes(self) -> RowChanges:
        with Database(self.pages[0]) as before, Database(self.pages[1]) as after:
            return row_changes("db.bin", before, after)

    def sqlite(self) -> dict[str, tuple[set[tuple[object, ...]], set[tuple[object, ...]]]]:
        """Table → rows that only `before` has, and rows that only `after` has, by EXCEPT."""
        with closing(sqlite3.connect(self.paths[1])) as connection:
            connection.execute("ATTACH ? AS old", (str(self.paths[0]),))
            names = "SELECT name FROM {}.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            both = [{name for (name,) in connection.execute(names.format(side))} for side in ("old", "main")]
            found = {}
            shape = "SELECT name, pk FROM pragma_table_info(?, ?)"
            for name in both[0] & both[1]:
                shapes = [connection.execute(shape, (name, side)).fetchall() for side in ("old", "main")]
                if shapes[0] != shapes[1]:
                    continue
                sides = [f'SELECT * FROM {side}."{name}"' for side in ("old", "main")]  # noqa: S608 - a recording's
                gone, come = (set(connection.execute(f"{one} EXCEPT {other}")) for one, other in (sides, sides[::-1]))
                if gone or come:
                    found[name] = (gone, come)
            return found


def made(folder: Path, *statements: str) -> bytes:
    """An image that SQLite writes."""
    path = folder / "made.sqlite"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA page_size = 4096")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path.read_bytes()


def pair(folder: Path, common: tuple[str, ...], before: tuple[str, ...], after: tuple[str, ...]) -> Images:
    return Images(folder, made(folder, *common, *before), made(folder, *common, *after))
