"""metadata1 and metadata2: term and vote.

Source: canonical/dqlite src/raft/uv_metadata.c (uvMetadataEncode);
docs/reference/metadata.md#metadata1-and-metadata2. No checksum.
"""

from __future__ import annotations

from construct import Int64ul, Struct

METADATA = Struct(
    "format" / Int64ul,
    "version" / Int64ul,
    "term" / Int64ul,
    "voted_for" / Int64ul,
)

assert METADATA.sizeof() == 32  # noqa: S101 - the size is part of the specification
