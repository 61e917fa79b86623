"""dqlite's commands: the payload of raft entries of type 1.

Source: canonical/dqlite src/command.c, src/command.h; docs/reference/commands.md#layout. "Text" is
NUL-terminated, padded to a multiple of 8.
"""

from __future__ import annotations

from construct import Bytes, Int8ul, Int16ul, Int32ul, Int64ul, Struct

COMMAND_HEADER = Struct(
    "format" / Int8ul,
    "type" / Int8ul,  # 1 open, 2 frames, 3 undo, 4 checkpoint
    "unused" / Bytes(6),  # stack bytes before dqlite 1.9.1: never show
)

UNDO = Struct("transaction" / Int64ul)

# After the text file name:
FRAMES_HEADER = Struct(
    "transaction" / Int64ul,
    "truncate" / Int32ul,
    "is_commit" / Int8ul,
    "unused1" / Int8ul,
    "unused2" / Int16ul,
    "pages" / Int32ul,  # count: so many 64-bit page numbers follow, then so many pages
    "page_size" / Int16ul,
    "unused3" / Int16ul,
)

assert COMMAND_HEADER.sizeof() == 8  # noqa: S101 - the size is part of the specification
assert FRAMES_HEADER.sizeof() == 24  # noqa: S101 - as above
