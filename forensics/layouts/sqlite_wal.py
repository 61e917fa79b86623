"""SQLite's write-ahead log, as dqlite up to 1.16 keeps it beside the database image of a snapshot.

Source: sqlite.org/fileformat2.html, "WAL File Format"; canonical/dqlite src/vfs.c;
docs/reference/snapshots.md#write-ahead-log. Big-endian.
"""

from __future__ import annotations

from construct import Int32ub, Struct

WAL_HEADER = Struct(
    "magic" / Int32ub,  # 0x377F0682, or …83 where the checksums are big-endian
    "version" / Int32ub,  # 3007000
    "page_size" / Int32ub,
    "sequence" / Int32ub,
    "salt1" / Int32ub,
    "salt2" / Int32ub,
    "checksum1" / Int32ub,
    "checksum2" / Int32ub,
)

# Each followed by one page:
WAL_FRAME_HEADER = Struct(
    "page" / Int32ub,
    "commit" / Int32ub,  # pages of the database after this transaction; 0 inside a transaction
    "salt1" / Int32ub,
    "salt2" / Int32ub,
    "checksum1" / Int32ub,
    "checksum2" / Int32ub,
)

assert WAL_HEADER.sizeof() == 32  # noqa: S101 - the size is part of the specification
assert WAL_FRAME_HEADER.sizeof() == 24  # noqa: S101 - as above
