"""Loading the newest snapshot. Only that one is tried: there is no way back to an older one.

Source: canonical/raft src/uv_snapshot.c (uvSnapshotLoadMeta, uvSnapshotLoadData);
docs/reference/start.md#the-newest-snapshot.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from forensics.crc import crc32
from forensics.forecast.configuration import Member, decode_configuration
from forensics.forecast.directory_list import SnapshotInfo
from forensics.forecast.files import IS_DIRECTORY
from forensics.forecast.lz4 import Content, detect_and_decompress, remembered, stream_decompress
from forensics.forecast.simulation import Code, Run

_HEADER = struct.Struct("<4Q")
_FORMAT = 1
_CONFIGURATION_BYTES_MAX = 1024 * 1024
READ_BYTES_MAX = 0x7FFFF000  # what one read(2) gives at most on Linux


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A loaded snapshot: its name's numbers, its configuration, and its data as the state machine will get it."""

    info: SnapshotInfo
    configuration_index: int
    configuration: tuple[Member, ...]
    content: Content

    @property
    def index(self) -> int:
        """Last included entry."""
        return self.info.index

    @property
    def term(self) -> int:
        """Term of the last included entry, as the file name says."""
        return self.info.term


def load_snapshot(run: Run, info: SnapshotInfo) -> Snapshot:
    """Meta first, then data."""
    run.reading = (info.meta_name,)
    configuration_index, configuration = _load_meta(run, info.meta_name)
    run.reading = (info.data_name,)
    content = _load_data(run, info.data_name)
    run.reading = ()
    return Snapshot(info, configuration_index, configuration, content)


def _load_meta(run: Run, name: str) -> tuple[int, tuple[Member, ...]]:
    if run.directory.size(name) >= _HEADER.size and run.takes_for_good(name):
        return 0, ()
    header = _read(run, name, 0, _HEADER.size)
    version, checksum, configuration_index, length = _HEADER.unpack(header)
    if version != _FORMAT:
        raise run.fail(Code.MALFORMED)
    if length > _CONFIGURATION_BYTES_MAX or length == 0:
        raise run.fail(Code.CORRUPT)
    configuration = _read(run, name, _HEADER.size, length)
    if crc32(configuration, crc32(header[16:])) != checksum & 0xFFFFFFFF:
        raise run.fail(Code.CORRUPT, f"read {name}: checksum mismatch")
    return configuration_index, decode_configuration(run, configuration)


def _read(run: Run, name: str, offset: int, length: int) -> bytes:
    if run.directory.is_directory(name):
        raise run.fail(Code.IOERR, f"read: {IS_DIRECTORY}")
    data = run.directory.read(name, offset, length)
    if len(data) < length:
        raise run.fail(Code.IOERR, f"short read: {len(data)} bytes instead of {length}")
    return data


def _load_data(run: Run, name: str) -> Content:
    directory = run.directory
    if directory.is_directory(name):
        raise run.fail(Code.IOERR, f"read: {IS_DIRECTORY}")
    size = directory.size(name)
    if run.takes_for_good(name):
        return Content(size, lambda: iter(()))
    if run.library.streams_lz4:
        return remembered(run, name, f"stream {size}", stream_decompress)
    if run.library.reads_once and size > READ_BYTES_MAX:
        raise run.fail(Code.IOERR, f"short read: {READ_BYTES_MAX} bytes instead of {size}")
    return remembered(run, name, f"detect {size}", detect_and_decompress)
