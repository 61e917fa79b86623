"""A node's facts as input of a forecast: which files the start would meet, and which version would start it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forensics.evidence import Blob
from forensics.facts.node.node import Node
from forensics.forecast.files import StateFile
from forensics.forecast.result import Missing, NoForecast
from forensics.ingest.files import Kind
from forensics.ingest.raft_names import parse_closed, parse_open, parse_snapshot, parse_snapshot_meta
from forensics.ingest.state_directory import StateFile as EvidenceFile
from forensics.limits import IO_CHUNK_BYTES, SEGMENT_BYTES_MAX
from forensics.on_disk import METADATA_BYTES, SEGMENT_BYTES
from forensics.parsers.segment import Segment


@dataclass(frozen=True, slots=True)
class Unread(Blob):
    """A file of which only name and size count: its content is not at hand, or no step of a start reads it."""

    path: str
    size: int

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """Zeros: only their number may matter."""
        left = max(self.size - offset, 0)
        return bytes(min(left if length is None else min(length, left), IO_CHUNK_BYTES))


def simulated_files(node: Node) -> Mapping[str, StateFile] | NoForecast:
    """The state directory for a simulated start, or the reason why it cannot be simulated on this evidence.

    Raft files whose content was never here (a listing tells of them, or it was refused) are `unseen`.
    """
    if node.names_cut:
        return NoForecast(Missing.NAMES)
    segments = {part.file.name: part.segment for part in node.log.closed}
    segments |= {part.file.name: part.segment for part in node.log.open}
    files: dict[str, StateFile] = {}
    for name, file in node.state.files.items():
        if file.cut and _is_read(name):
            return NoForecast(Missing.CONTENT, (name,))
        if _is_too_large(file):
            return NoForecast(Missing.TOO_LARGE, (name,), file.size_min)
        files[name] = _state_file(file, segments.get(name))
    return files if any(_is_read(name) for name in files) else NoForecast(Missing.RAFT_FILES)


def _is_too_large(file: EvidenceFile) -> bool:
    return file.size_min > SEGMENT_BYTES_MAX and bool(parse_closed(file.name) or parse_open(file.name))


def _is_read(name: str) -> bool:
    """Loading opens files of that name."""
    if name in ("metadata1", "metadata2"):
        return True
    return any(parse(name) is not None for parse in (parse_closed, parse_open, parse_snapshot, parse_snapshot_meta))


def _state_file(file: EvidenceFile, segment: Segment | None) -> StateFile:
    if file.kind is Kind.DIRECTORY:
        return StateFile(None)
    if file.blob is not None:
        return StateFile(file.blob, segment)
    return StateFile(Unread(file.name, _likely_size(file)), unseen=_is_read(file.name))


def _likely_size(file: EvidenceFile) -> int:
    """The size; where it is an interval, what a good file of that name may have."""
    wanted = METADATA_BYTES if file.name in ("metadata1", "metadata2") else SEGMENT_BYTES
    return min(max(wanted, file.size_min), file.size_max)
