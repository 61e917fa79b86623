"""A raft configuration, as in change entries and snapshot metadata.

Source: canonical/dqlite src/raft/configuration.c (configurationEncode); docs/reference/configurations.md#encoding.
The bytes after the last server, up to a multiple of 8, are uninitialised memory: never compare, never show.
"""

from __future__ import annotations

from construct import Array, CString, Int8ul, Int64ul, Struct, this

SERVER = Struct(
    "id" / Int64ul,
    "address" / CString("utf8"),  # unpadded
    "role" / Int8ul,  # on disk 0 stand-by, 1 voter, 2 spare; not the YAML codes
)

CONFIGURATION_HEADER = Struct("format" / Int8ul, "count" / Int64ul)  # unaligned

CONFIGURATION = Struct(
    *CONFIGURATION_HEADER.subcons,
    "servers" / Array(this.count, SERVER),
)

assert CONFIGURATION_HEADER.sizeof() == 9  # noqa: S101 - the size is part of the specification
