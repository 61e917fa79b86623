"""Raft files built from the layouts, for tests that need bytes no real sample holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forensics.crc import crc32
from forensics.evidence import BytesBlob, Span
from forensics.ingest.files import Kind
from forensics.ingest.products import product_of
from forensics.ingest.roles import role_of
from forensics.ingest.state_directory import StateDirectory, StateFile
from forensics.layouts.segment import BATCH_HEADER, BATCH_HEADER_LOCAL, FORMAT
from forensics.layouts.snapshot import META_HEADER


@dataclass(frozen=True, slots=True)
class Made:
    """An entry to write."""

    term: int = 1
    type: int = 1
    payload: bytes = b"\1\3" + bytes(6) + b"\7" + bytes(7)  # undo of transaction 7


def batch(entries: Sequence[Made], disk_format: int = 1) -> bytes:
    """One batch as raft writes it (canonical/dqlite src/raft/uv_encoding.c)."""
    local = b"local data sixte" if disk_format == 2 else b""
    data = b"".join(entry.payload + local for entry in entries)
    fields = {
        "header_checksum": 0,
        "data_checksum": crc32(data),
        "count": len(entries),
        "local_data_size": 16,
        "entries": [
            {"term": entry.term, "type": entry.type, "unused": b"\xf6\x0c\x0c", "size": len(entry.payload)}
            for entry in entries
        ],
    }
    layout = BATCH_HEADER_LOCAL if disk_format == 2 else BATCH_HEADER
    header = bytes(layout.build(fields))
    return crc32(header[8:]).to_bytes(4, "little") + header[4:] + data


def segment(batches: Sequence[Sequence[Made]], disk_format: int = 1, zeros: int = 0) -> bytes:
    """A whole segment, with `zeros` unused bytes behind it."""
    content = b"".join(batch(entries, disk_format) for entries in batches)
    return bytes(FORMAT.build(disk_format)) + content + bytes(zeros)


def meta(configuration: bytes, index: int = 5) -> bytes:
    """A snapshot's `.meta` (canonical/dqlite src/raft/uv_snapshot.c)."""
    fields = {
        "format": 1,
        "checksum": 0,
        "checksum_high": 0,
        "configuration_index": index,
        "configuration_size": len(configuration),
    }
    content = bytes(META_HEADER.build(fields)) + configuration
    return content[:8] + crc32(content[16:]).to_bytes(4, "little") + content[12:]


def state_directory(files: dict[str, bytes | None], node: str = "n1") -> StateDirectory:
    """A state directory of those files; None stands for one of which only the name is known."""
    made = {}
    for name, content in files.items():
        size = len(content or b"")
        blob = None if content is None else BytesBlob(f"{node}/{name}", content)
        at = Span(f"{node}/{name}", 0, size)
        made[name] = StateFile(name, role_of(name), Kind.FILE, size, size, at, blob)
    return StateDirectory(node, product_of(node)[0], node, made)
