"""A node's facts as input of a forecast: which files the start would meet, and which version would start it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forensics.evidence import Blob
from forensics.facts.node import Node
from forensics.forecast.files import StateFile
from forensics.ingest.inventory import StateFile as EvidenceFile
from forensics.ingest.member import Kind
from forensics.ingest.raft_names import parse_closed, parse_open, parse_snapshot, parse_snapshot_meta
from forensics.limits import SEGMENT_BYTES_MAX
from forensics.parsers.segment import Segment


@dataclass(frozen=True, slots=True)
class Unread(Blob):
    """A file whose content no step of a start reads: only its name and size matter."""

    path: str
    size: int

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """Nothing: never asked for."""
        del offset, length
        return b""


def state_files(node: Node) -> Mapping[str, StateFile] | str:
    """The state directory for a simulated start, or the reason why it cannot be simulated on this evidence."""
    segments = {part.file.name: part.segment for part in node.log.closed}
    segments |= {part.file.name: part.segment for part in node.log.open}
    files: dict[str, StateFile] = {}
    for name, file in node.state.files.items():
        if file.kind is Kind.DIRECTORY:
            files[name] = StateFile(None)
            continue
        reason = _unusable(file)
        if reason is not None:
            return reason
        files[name] = _state_file(file, segments.get(name))
    if not any(_is_read(name) for name in files):
        return "no raft file arrived"
    return files


def _unusable(file: EvidenceFile) -> str | None:
    if file.listed:
        return f"{file.name} is known from a listing only" if _is_read(file.name) else None
    if not _is_read(file.name):
        return None
    if file.cut or file.blob is None:
        return f"the content of {file.name} did not arrive whole"
    if file.blob.size > SEGMENT_BYTES_MAX and (parse_closed(file.name) or parse_open(file.name)):
        return f"{file.name} is larger than any segment that dqlite writes: {file.blob.size} bytes"
    return None


def _is_read(name: str) -> bool:
    """Loading opens files of that name."""
    if name in ("metadata1", "metadata2"):
        return True
    return any(parse(name) is not None for parse in (parse_closed, parse_open, parse_snapshot, parse_snapshot_meta))


def _state_file(file: EvidenceFile, segment: Segment | None) -> StateFile:
    if file.blob is not None:
        return StateFile(file.blob, segment)
    return StateFile(Unread(file.name, file.size_min))
