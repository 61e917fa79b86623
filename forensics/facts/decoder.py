"""Contents of raft files and of logs: hashed and decoded ahead, by threads while more arrives, or when asked for.

Threads are enough: reading, SHA-256, raft's checksum and LZ4 all let other threads run, and what is left of Python
is a tenth of the work. A worker reads a segment into a buffer of its own, again and again, so memory does not grow
with the log: what stays of a segment is its columns.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from forensics.barrier import stage
from forensics.evidence import Blob, Parsed
from forensics.facts.one_file import READING
from forensics.ingest.collectors import unit_of_log
from forensics.ingest.files import InputFile, sha256_of
from forensics.ingest.roles import FileRole, role_of
from forensics.ingest.state_directory import StateFile
from forensics.limits import SEGMENT_BYTES_MAX
from forensics.parsers.journal import Journal, parse_journal
from forensics.parsers.segment import Segment
from forensics.parsers.segment_walk import parse_segment
from forensics.parsers.snapshot import SnapshotData, parse_snapshot_data
from forensics.parsers.survey import surveyed

T = TypeVar("T")
R = TypeVar("R")
_SEGMENTS = (FileRole.CLOSED_SEGMENT, FileRole.OPEN_SEGMENT)


@dataclass(frozen=True, slots=True)
class _Content:
    """What is known of one file's content."""

    sha256: str | None
    segment: Segment | None = None
    snapshot: Parsed[SnapshotData] | None = None


class SegmentReader:
    """Reads segment after segment into the same memory, which takes half the time of taking it anew each time."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def read(self, path: str, blob: Blob) -> tuple[memoryview, Segment]:
        """The content, good until the next call, and the segment in it, surveyed."""
        if len(self._buffer) < blob.size:
            self._buffer = bytearray(blob.size)
        whole = memoryview(self._buffer)[: blob.size]
        view = whole[: blob.readinto(whole)]
        return view, surveyed(view, parse_segment(view, path))


class Decoder:
    """Decodes contents, and keeps them by path. Safe to ask for anything, in any order; each is decoded once.

    Args:
        jobs: so many threads decode what `prepare` is given; with 0 everything waits until it is asked for.
    """

    def __init__(self, jobs: int = 0) -> None:
        self._pool = ThreadPoolExecutor(jobs, "decode") if jobs > 0 else None
        self._ahead: dict[str, Future[_Content]] = {}
        self._hashing: dict[str, Future[str]] = {}
        self._searching: dict[tuple[str, str], Future[Journal]] = {}
        self._done: dict[str, _Content] = {}
        self._mine = threading.local()

    def close(self) -> None:
        """Drop what has not begun, and wait for what has."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def prepare(self, file: InputFile) -> None:
        """Begin with a file whose content is there: hash and decode a raft file, search a log of a collector."""
        role = role_of(file.name, file.parent.rpartition("/")[2])
        if self._pool is None or file.blob is None:
            return
        if role in _SEGMENTS:
            self._ahead[file.path] = self._pool.submit(self._segment, file.path, file.blob)
        elif role is FileRole.SNAPSHOT:  # the largest files, and the last ones: two threads share each
            self._ahead[file.path] = self._pool.submit(_snapshot, file.blob)
            self.prepare_digest(file.path, file.blob)
        elif role is FileRole.UNKNOWN and (unit := unit_of_log(file.path)) is not None:
            self._searching[file.path, unit] = self._pool.submit(parse_journal, file.blob, unit)

    def prepare_digest(self, path: str, blob: Blob) -> None:
        """Begin to hash a content that is not decoded."""
        if self._pool is not None:
            self._hashing[path] = self._pool.submit(sha256_of, blob)

    def each(self, work: Callable[[T], R], things: Iterable[T]) -> Iterator[R]:
        """As `map`, by the same threads."""
        return self._pool.map(work, things) if self._pool is not None else map(work, things)

    @stage("the digest", lambda _, __, blob: blob.path, lambda *_: None)
    def digest(self, path: str, blob: Blob) -> str | None:
        """SHA-256 of a content, in hex."""
        if path in self._hashing:
            return self._hashing[path].result()
        known = self._known(path)
        return known.sha256 if known and known.sha256 else sha256_of(blob)

    def same(self, one: StateFile, other: StateFile) -> bool:
        """Two files have one content; not known of what has none, or cannot be read."""
        if one.blob is None or other.blob is None:
            return False
        digest = self.digest(one.at.path, one.blob)
        return digest is not None and digest == self.digest(other.at.path, other.blob)

    @stage(READING, lambda _, file: file.at.path, lambda *_: None)
    def segment(self, file: StateFile) -> Segment | None:
        """A segment's good batches; None without content, or beyond SEGMENT_BYTES_MAX."""
        if file.blob is None or file.size_min > SEGMENT_BYTES_MAX:
            return None
        known = self._known(file.at.path)
        if known is None or known.segment is None:
            known = self._done[file.at.path] = self._segment(file.at.path, file.blob)
        return known.segment

    @stage(READING, lambda _, file: file.at.path if file else "", lambda *_: None)
    def snapshot(self, file: StateFile | None) -> Parsed[SnapshotData] | None:
        """A snapshot's frame and directory; None without content."""
        if file is None or file.blob is None:
            return None
        known = self._known(file.at.path)
        if known is None or known.snapshot is None:
            known = self._done[file.at.path] = _snapshot(file.blob)
        return known.snapshot

    def journal(self, path: str, blob: Blob, unit: str) -> Journal:
        """What of a log concerns dqlite. For `unit` see parse_journal."""
        searched = self._searching.pop((path, unit), None)
        return searched.result() if searched is not None else parse_journal(blob, unit)

    def _known(self, path: str) -> _Content | None:
        ahead = self._ahead.pop(path, None)
        if ahead is not None:
            self._done[path] = ahead.result()
        return self._done.get(path)

    def _segment(self, path: str, blob: Blob) -> _Content:
        if blob.size > SEGMENT_BYTES_MAX:
            return _Content(sha256_of(blob))
        if not hasattr(self._mine, "reader"):
            self._mine.reader = SegmentReader()
        view, segment = self._mine.reader.read(path, blob)
        return _Content(blob.hashed or hashlib.sha256(view).hexdigest(), segment)


def _snapshot(blob: Blob) -> _Content:
    return _Content(None, None, parse_snapshot_data(blob))
