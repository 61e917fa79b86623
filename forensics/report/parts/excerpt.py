"""The bytes that a finding points at, as far as they may be shown.

Shown as hex: metadata, format words, batch headers, entry headers, headers of snapshot metas. Shown as text: YAML and
other text members, masked. Never shown: payloads of entries, snapshots and databases (they hold Secrets), key
material, and bytes that libraft never initialised (padding of configurations, unused bytes of entry headers).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from forensics.evidence import Blob, Span
from forensics.facts.log.raft_log import ClosedSegment, OpenSegment
from forensics.facts.node.node import Node
from forensics.ingest.roles import FileRole, role_of
from forensics.layouts.segment import BATCH_PREAMBLE, ENTRY_HEADER
from forensics.limits import EXCERPT_BYTES, EXCERPT_LINES, LINE_CHARS_MAX, YAML_BYTES_MAX
from forensics.masking.lines import Mask, masked_lines, masks_of
from forensics.masking.text import is_likely
from forensics.on_disk import FORMAT_BYTES, META_HEADER_BYTES, METADATA_BYTES
from forensics.parsers.segment import Segment
from forensics.report import document as doc
from forensics.report.parts.context import Context
from forensics.report.parts.texts import SHOWN

_PREAMBLE_BYTES = BATCH_PREAMBLE.sizeof()
_ENTRY_BYTES = ENTRY_HEADER.sizeof()
_HIDDEN = "··"
_TEXT_ROLES = SHOWN | {FileRole.LISTING, FileRole.JOURNAL, FileRole.HOST}
_SEGMENTS = (FileRole.CLOSED_SEGMENT, FileRole.OPEN_SEGMENT)

_WITHHELD = {
    FileRole.KEY: "key material is never shown",
    FileRole.SNAPSHOT: "snapshots hold the database: its bytes are not shown",
    FileRole.SNAPSHOT_META: "configurations end in uninitialised memory: only the header is shown",
    FileRole.CLOSED_SEGMENT: "payloads may hold Secrets: only headers are shown",
    FileRole.OPEN_SEGMENT: "payloads may hold Secrets: only headers are shown",
    FileRole.CORRUPT: "may hold anything that the original held: not shown",
}

Range = tuple[int, int]  # first byte, and first byte after it


@dataclass(frozen=True, slots=True)
class _File:
    role: FileRole
    blob: Blob | None
    segment: Segment | None = None


class Excerpts:
    """Evidence of findings, with what may be shown of it."""

    def __init__(self, context: Context) -> None:
        self._blobs = context.blobs
        self._texts: dict[str, _Text] = {}
        self._files = dict(_texts_of_hosts(context))
        self._files |= {path: file for node in context.case.nodes() for path, file in _files(node, context.blobs)}

    def of(self, span: Span) -> doc.Excerpt:
        """The span, with its bytes or lines where these may be shown."""
        file = self._files.get(span.path) or _stray(span.path, self._blobs.get(span.path))
        entry = doc.Excerpt(path=span.path, offset=span.offset, length=span.length, role=file.role.value)
        if file.blob is None or span.length <= 0:
            return entry
        if file.role in _TEXT_ROLES:
            return replace(entry, lines=self._lines(file.blob, span))
        if (shown := _hex(file, span)) is not None:
            return replace(entry, hex=shown)
        return replace(entry, withheld=_WITHHELD.get(file.role, "content of this kind is not shown"))

    def _lines(self, blob: Blob, span: Span) -> tuple[doc.ExcerptLine, ...]:
        """The lines that the span covers, the one before and the one after; at most EXCERPT_LINES."""
        if blob.size > YAML_BYTES_MAX:  # a journal: just the place, and no line numbers
            text = blob.read(span.offset, min(span.length, LINE_CHARS_MAX)).decode("utf-8", "replace")
            masked = [line for _, line in masked_lines(text.splitlines())]
            return tuple(doc.ExcerptLine(number=None, text=line, hit=True) for line in masked[:EXCERPT_LINES])
        if span.path not in self._texts:
            self._texts[span.path] = _Text.of(blob)
        return tuple(self._texts[span.path].around(span))


def _texts_of_hosts(context: Context) -> Iterator[tuple[str, _File]]:
    """Journals, and what was read of machines."""
    for host in context.case.hosts:
        spans = [(journal.path, FileRole.JOURNAL) for journal in host.journals]
        spans += [(disk.at.path, FileRole.HOST) for disk in host.disks]
        spans += [(at.path, FileRole.HOST) for at in host.addresses.values()]
        spans += [(at.path, FileRole.HOST) for _, at in host.restarts.values()]
        for path, role in spans:
            yield path, _File(role, context.blobs.get(path))


def _files(node: Node, blobs: Mapping[str, Blob]) -> Iterator[tuple[str, _File]]:
    for file in (*node.state.files.values(), *node.state.around.values()):
        if file.listed:  # its address is a line of the listing
            yield file.at.path, _File(FileRole.LISTING, blobs.get(file.at.path))
        else:
            yield file.at.path, _File(file.role, file.blob)
    if node.state.listed_at:
        yield node.state.listed_at.path, _File(FileRole.LISTING, blobs.get(node.state.listed_at.path))
    parts: list[ClosedSegment | OpenSegment] = [*node.log.closed, *node.log.open]
    for part in parts:
        if not part.file.listed:
            yield part.file.at.path, _File(part.file.role, part.file.blob, part.segment)


def _stray(path: str, blob: Blob | None) -> _File:
    """A member outside of any state directory."""
    parent, _, name = path.rpartition("/")
    return _File(role_of(name, parent.rpartition("/")[2]), blob)


def _hex(file: _File, span: Span) -> str | None:
    """Up to EXCERPT_BYTES from the span's start as `0a 1b ··`; None where none of them may be shown."""
    start, end = span.offset, span.offset + min(span.length, EXCERPT_BYTES)
    shown = [(max(first, start), min(last, end)) for first, last in _open_ranges(file, start, end)]
    shown = [(first, last) for first, last in shown if first < last]
    if not shown or file.blob is None:
        return None
    end = max(last for _, last in shown)
    cells = [_HIDDEN] * (end - start)
    for first, last in shown:
        for position, byte in enumerate(file.blob.read(first, last - first), first - start):
            cells[position] = f"{byte:02x}"
    return " ".join(cells)


def _open_ranges(file: _File, start: int, end: int) -> Iterator[Range]:
    """The ranges around start to end that hold nothing secret."""
    if not _begins_with_a_format(file):
        return
    if file.role is FileRole.METADATA:
        yield 0, METADATA_BYTES
    elif file.role is FileRole.SNAPSHOT_META:
        yield 0, META_HEADER_BYTES
    elif file.role in _SEGMENTS:
        yield 0, FORMAT_BYTES
        if file.segment is not None:
            yield from _batch_headers(file.segment, start, end)


def _begins_with_a_format(file: _File) -> bool:
    """Else it is something else under that name: a key, a payload."""
    word = file.blob.read(0, FORMAT_BYTES) if file.blob else b""
    return is_likely(int.from_bytes(word, "little"))


def _batch_headers(segment: Segment, start: int, end: int) -> Iterator[Range]:
    extra = 8 if segment.format == 2 else 0
    number = max(bisect_right(segment.batches, start) - 1, 0)
    while number < len(segment.batches) and segment.batches[number] < end:
        following = segment.firsts[number + 1] if number + 1 < len(segment.firsts) else len(segment)
        yield from _header(segment.batches[number], extra, following - segment.firsts[number], end)
        number += 1
    # Where its checksum does not hold, it may be no header at all, and a payload's bytes.
    if segment.stop.entries and segment.stop.offset < end:
        yield from _header(segment.stop.offset, extra, segment.stop.entries, end)


def _header(offset: int, extra: int, entries: int, end: int) -> Iterator[Range]:
    """The preamble and each entry's header but for its three unused bytes (stale buffer content)."""
    yield offset, offset + _PREAMBLE_BYTES
    for position in range(
        offset + _PREAMBLE_BYTES + extra,
        min(end, offset + _PREAMBLE_BYTES + extra + entries * _ENTRY_BYTES),
        _ENTRY_BYTES,
    ):
        yield position, position + 9
        yield position + 12, position + _ENTRY_BYTES


@dataclass(frozen=True, slots=True)
class _Text:
    """A text of several excerpts: its bytes, and the masks of its lines by their numbers."""

    raw: bytes
    masks: Mapping[int, Mask]

    @classmethod
    def of(cls, blob: Blob) -> _Text:
        raw = blob.read()
        return cls(raw, dict(masks_of(raw.decode("utf-8", "replace").split("\n"))))

    def around(self, span: Span) -> Iterator[doc.ExcerptLine]:
        first = self.raw.count(b"\n", 0, span.offset) + 1
        last = self.raw.count(b"\n", 0, max(span.offset + span.length - 1, span.offset)) + 1
        last = min(last, first + EXCERPT_LINES - 3)
        for number in range(first - 1, last + 2):
            hit = first <= number <= last
            line = mask() if (mask := self.masks.get(number)) else None
            if line is not None and (line or hit):
                yield doc.ExcerptLine(number=number, text=line[:LINE_CHARS_MAX], hit=hit)
