"""Closed and open segments: a format word, then batches back to back.

Source: canonical/dqlite src/raft/uv_encoding.c (uvEncodeBatchHeader), src/raft/uv_segment.c (uvLoadEntriesBatch);
docs/reference/segments.md#batches. Disk format 2 (DQLITE_NEXT builds of 1.16.5 to 1.16.7) adds local data:
docs/reference/snapshots.md#disk-format-2.
"""

from __future__ import annotations

from construct import Array, Bytes, Int8ul, Int32ul, Int64ul, Struct, this

FORMAT = Int64ul
FORMAT_WORD = Struct("format" / FORMAT)

ENTRY_HEADER = Struct(
    "term" / Int64ul,
    "type" / Int8ul,
    "unused" / Bytes(3),  # stale buffer bytes, covered by the header checksum: never show
    "size" / Int32ul,
)

BATCH_PREAMBLE = Struct(
    "header_checksum" / Int32ul,  # over everything from `count` to the end of the entry headers
    "data_checksum" / Int32ul,  # over all payload bytes
    "count" / Int64ul,
)

BATCH_HEADER = Struct(
    *BATCH_PREAMBLE.subcons,
    "entries" / Array(this.count, ENTRY_HEADER),
)

BATCH_PREAMBLE_LOCAL = Struct(
    *BATCH_PREAMBLE.subcons,
    "local_data_size" / Int64ul,  # 16, behind each payload; counted inside the header checksum
)

BATCH_HEADER_LOCAL = Struct(
    *BATCH_PREAMBLE_LOCAL.subcons,
    "entries" / Array(this.count, ENTRY_HEADER),
)

assert ENTRY_HEADER.sizeof() == 16  # noqa: S101 - the size is part of the specification
assert BATCH_PREAMBLE.sizeof() == 16  # noqa: S101 - as above
