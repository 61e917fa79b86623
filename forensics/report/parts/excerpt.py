"""The bytes that a finding points at, as far as they may be shown.

Shown as hex: metadata, format words, batch headers, entry headers, headers of snapshot metas. Shown as text: YAML and
other text members, masked. Never shown: payloads of entries, snapshots and databases (they hold Secrets), key
material, and bytes that libraft never initialised (padding of configurations, unused bytes of entry headers).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from forensics.evidence import Blob, Span
from forensics.facts.log.raft_log import ClosedSegment, OpenSegment
from forensics.facts.node.node import Node
from forensics.ingest.roles import FileRole, role_of
from forensics.limits import EXCERPT_BYTES, EXCERPT_LINES, LINE_CHARS_MAX, YAML_BYTES_MAX
from forensics.masking.lines import Mask, masked_lines, masks_of
from forensics.report import document as doc
from forensics.report.parts.context import Context
from forensics.report.parts.decoded import ReadFile, known_fields
from forensics.report.parts.known_field import KnownField
from forensics.report.parts.texts import SHOWN

_HIDDEN = "··"
_TEXT_ROLES = SHOWN | {FileRole.LISTING, FileRole.JOURNAL, FileRole.HOST}

_WITHHELD = {
    FileRole.KEY: "key material is never shown",
    FileRole.SNAPSHOT: "snapshots hold the database: its bytes are not shown",
    FileRole.SNAPSHOT_META: "configurations end in uninitialised memory: only the header is shown",
    FileRole.CLOSED_SEGMENT: "payloads may hold Secrets: only headers are shown",
    FileRole.OPEN_SEGMENT: "payloads may hold Secrets: only headers are shown",
    FileRole.CORRUPT: "may hold anything that the original held: not shown",
}


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
        start, end = span.offset, min(span.offset + min(span.length, EXCERPT_BYTES), file.blob.size)
        if fields := known_fields(file, start, end):
            told = tuple(one.told(file.blob) for one in fields)
            return replace(entry, hex=_hex(fields, file.blob, start, end), fields=told)
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


def _texts_of_hosts(context: Context) -> Iterator[tuple[str, ReadFile]]:
    """Journals, and what was read of machines."""
    for host in context.case.hosts:
        spans = [(journal.path, FileRole.JOURNAL) for journal in host.journals]
        spans += [(disk.at.path, FileRole.HOST) for disk in host.disks]
        spans += [(at.path, FileRole.HOST) for at in host.addresses.values()]
        spans += [(at.path, FileRole.HOST) for _, at in host.restarts.values()]
        for path, role in spans:
            yield path, ReadFile(role, context.blobs.get(path))


def _files(node: Node, blobs: Mapping[str, Blob]) -> Iterator[tuple[str, ReadFile]]:
    for file in (*node.state.files.values(), *node.state.around.values()):
        if file.listed:  # its address is a line of the listing
            yield file.at.path, ReadFile(FileRole.LISTING, blobs.get(file.at.path))
        else:
            yield file.at.path, ReadFile(file.role, file.blob)
    if node.state.listed_at:
        yield node.state.listed_at.path, ReadFile(FileRole.LISTING, blobs.get(node.state.listed_at.path))
    parts: list[ClosedSegment | OpenSegment] = [*node.log.closed, *node.log.open]
    for part in parts:
        if not part.file.listed:
            damage = node.log.damage.get(part.file.at.path, ())
            yield part.file.at.path, ReadFile(part.file.role, part.file.blob, part.segment, damage)
    for snapshot in node.snapshots:
        beside = snapshot.meta_file
        if beside is not None and not beside.listed:
            meta = snapshot.meta.value if snapshot.meta else None
            yield beside.at.path, ReadFile(beside.role, beside.blob, meta=meta)


def _stray(path: str, blob: Blob | None) -> ReadFile:
    """A member outside of any state directory."""
    parent, _, name = path.rpartition("/")
    return ReadFile(role_of(name, parent.rpartition("/")[2]), blob)


def _hex(fields: Sequence[KnownField], blob: Blob, start: int, end: int) -> str | None:
    """The bytes from `start` to the last of the fields as `0a 1b ··`, `··` for what is no field; None without any."""
    shown = [(max(one.offset, start), min(one.end, end)) for one in fields]
    if not shown:
        return None
    cells = [_HIDDEN] * (max(last for _, last in shown) - start)
    for first, last in shown:
        for position, byte in enumerate(blob.read(first, last - first), first - start):
            cells[position] = f"{byte:02x}"
    return " ".join(cells)


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
