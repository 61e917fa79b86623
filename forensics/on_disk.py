"""Numbers and marks of the formats on disk that more than one room needs: each has its home here.

The layouts of whole structures are in layouts/; docs/reference/ has the sources.
"""

from __future__ import annotations

from typing import Final

# --- segments: docs/reference/segments.md#segments ---
FORMAT_BYTES: Final = 8  # the format word that a segment begins with
PREAMBLE_BYTES: Final = 16  # of a batch: two checksums, and how many entries it has
ENTRY_HEADER_BYTES: Final = 16
LOCAL_DATA_BYTES: Final = 16  # behind each payload in format 2
SEGMENT_BYTES: Final = 8 * 1024 * 1024  # as open segments are prepared; a closed one is cut to what it holds

# --- metadata1 and metadata2: docs/reference/metadata.md#metadata1-and-metadata2 ---
METADATA_BYTES: Final = 32

# --- snapshots: docs/reference/snapshots.md ---
META_HEADER_BYTES: Final = 32  # of the .meta file, before the configuration
DATA_HEADER_BYTES: Final = 16  # of the data, before the first database
LZ4_MAGIC: Final = b"\x04\x22\x4d\x18"

# --- databases: sqlite.org/fileformat2.html; docs/reference/commands.md#layout ---
SQLITE_MAGIC: Final = b"SQLite format 3\0"
SQLITE_HEADER_BYTES: Final = 100
PAGE_BYTES: Final = 4096  # dqlite overrides any other page size

# --- who founded a cluster: docs/reference/raft.md#bootstrap-and-ids ---
BOOTSTRAP_ID: Final = 0x2DC171858C3155BE  # of the founder, in go-dqlite applications
FOUNDER_IDS: Final = frozenset({1, BOOTSTRAP_ID})  # 1 is the first of LXD, Incus and k3s
