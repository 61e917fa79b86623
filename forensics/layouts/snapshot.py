"""A snapshot's two files: the raft metadata beside it, and the dqlite directory of databases inside it.

Source: canonical/dqlite src/raft/uv_snapshot.c (meta), src/fsm.c (encodeSnapshotHeader, encodeDatabase);
docs/reference/snapshots.md#snapshot-metadata and docs/reference/snapshots.md#snapshot-data. The data file is usually
one LZ4 frame around what is declared here.
"""

from __future__ import annotations

from construct import Int32ul, Int64ul, Struct

META_HEADER = Struct(
    "format" / Int64ul,
    "checksum" / Int32ul,  # over everything from `configuration_index` to the end of the configuration
    "checksum_high" / Int32ul,  # 0: the checksum is stored as a 64-bit word
    "configuration_index" / Int64ul,
    "configuration_size" / Int64ul,
)

DATA_HEADER = Struct("format" / Int64ul, "databases" / Int64ul)

# After the database's name (NUL-terminated, zero-padded to a multiple of 8):
DATABASE_HEADER = Struct("main_size" / Int64ul, "wal_size" / Int64ul)

assert META_HEADER.sizeof() == 32  # noqa: S101 - the size is part of the specification
assert DATA_HEADER.sizeof() == 16  # noqa: S101 - as above
assert DATABASE_HEADER.sizeof() == 16  # noqa: S101 - as above
