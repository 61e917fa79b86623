"""LXD's node-local database, as far as it tells of the cluster, made by SQLite itself.

Tables: canonical/lxd lxd/db/node/schema.go, those that are read here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

_TABLES = """
PRAGMA page_size = 512;
CREATE TABLE config (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
 UNIQUE (key));
CREATE TABLE raft_nodes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, address TEXT NOT NULL,
 role INTEGER NOT NULL DEFAULT 0, name TEXT NOT NULL default "", UNIQUE (address));
"""
_WRITER = slice(92, 100)  # of the header: which SQLite wrote it, the only bytes that differ between machines


def local_database(address: str, members: Sequence[tuple[int, str, int]]) -> bytes:
    """The file, for a member at `address`; members as id, address and role (0 voter, 1 stand-by, 2 spare)."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(_TABLES)
        keys = ("cluster.https_address", "core.https_address")
        connection.executemany("INSERT INTO config (key, value) VALUES (?, ?)", [(key, address) for key in keys])
        rows = [
            (number - (number >> 63 << 64), where, role, f"lxd-{place}")  # SQLite's numbers have a sign
            for place, (number, where, role) in enumerate(members, 1)
        ]
        connection.executemany("INSERT INTO raft_nodes (id, address, role, name) VALUES (?, ?, ?, ?)", rows)
        connection.commit()
        image = bytearray(connection.serialize())
    finally:
        connection.close()
    image[_WRITER] = bytes(8)
    return bytes(image)
