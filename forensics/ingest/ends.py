"""Files of which a collector took the beginning and the end alone, because the whole was too large.

Source: forensics/collector/collect.sh (`--max-size`); docs/reference/collectors.md#collectsh.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from forensics.evidence import Blob
from forensics.ingest.collectors import Collection
from forensics.ingest.collectors.texts import texts
from forensics.ingest.files import InputFile
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import Ends, StateFile
from forensics.limits import HOST_TEXT_BYTES_MAX, SEGMENT_BYTES_MAX

_GAP = b"\xff"
_DIGEST = re.compile(r"(?P<digest>[0-9a-f]{64})  (?P<path>.+)")  # as sha256sum prints it
_SEGMENTS = (FileRole.CLOSED_SEGMENT, FileRole.OPEN_SEGMENT)


@dataclass(frozen=True, slots=True)
class EndsBlob(Blob):
    """A file's beginning and end, each at its offset.

    What lies between reads as bytes that no batch begins with: a parser stops there, and finds the end again. Zeros
    would be the end of an open segment. The address of all of it is the beginning's.
    """

    head: Blob = field(repr=False)
    tail: Blob = field(repr=False)
    size: int

    @property
    def path(self) -> str:  # type: ignore[override]
        """The beginning's."""
        return self.head.path

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """See Blob.read."""
        end = self.size if length is None else min(offset + length, self.size)
        behind = self.size - self.tail.size
        parts = [self.head.read(offset, max(end - offset, 0))] if offset < self.head.size else []
        parts.append(_GAP * (min(end, behind) - max(offset, self.head.size)))
        if end > behind:
            parts.append(self.tail.read(max(offset - behind, 0), end - max(offset, behind)))
        return b"".join(parts)


def digests_of(collection: Collection) -> dict[str, str]:
    """SHA-256 of whole files as the collector computed them on the machine, by their path in the input."""
    lines = [line for text in texts(collection, "digests", limit=HOST_TEXT_BYTES_MAX) for line in text.splitlines()]
    found = filter(None, map(_DIGEST.fullmatch, lines))
    return {collection.root + line["path"].lstrip("/"): line["digest"] for line in found}


def with_ends(file: StateFile, listed: StateFile | None, tail: InputFile | None, sha256: str | None) -> StateFile:
    """A file whose content is its beginning, as the part that it is of what the listing shows; whole if it is all.

    Without a listing nothing tells how long it was.
    """
    size = listed.exact_size if listed is not None else None
    head = file.blob
    if head is None or listed is None or size is None or size < head.size:
        return file
    known = replace(file, size_min=size, size_max=size, mtime=listed.mtime, mode=listed.mode, owner=listed.owner)
    if size == head.size:
        return replace(known, cut=False)
    end = tail.blob if tail is not None and file.role in _SEGMENTS else None
    if end is None or head.size + end.size > size or size > SEGMENT_BYTES_MAX:
        return replace(known, ends=Ends(head.size, 0, sha256))
    blob = EndsBlob(head, end, size)
    return replace(known, blob=blob, ends=Ends(head.size, end.size, sha256))
