"""A file of an input → its copy: by its role, as the reader takes it, and by what it holds."""

from __future__ import annotations

import re

from forensics.errors import UnreadableError
from forensics.facts.node.recovery_tarball import MEMBER_LISTS
from forensics.ingest.collectors import wanted_text
from forensics.ingest.files import InputFile
from forensics.ingest.roles import RAFT_ROLES, FileRole, role_of
from forensics.masking.text import is_likely
from forensics.on_disk import METADATA_BYTES, SQLITE_MAGIC
from forensics.redact.certificates import Certificates
from forensics.redact.lines import cleaned_text
from forensics.redact.pages import Pages
from forensics.redact.segments import cleaned_segment
from forensics.redact.snapshots import cleaned_database, cleaned_meta, cleaned_snapshot
from forensics.redact.stale import blank
from forensics.redact.texts import Texts

_SEGMENTS = frozenset({FileRole.CLOSED_SEGMENT, FileRole.OPEN_SEGMENT})
_RENAMED = frozenset({FileRole.CORRUPT, FileRole.TEMPORARY})
_RENAMING = re.compile(r"corrupt-\d+-|tmp-")
# Texts that hold values, or that nobody reads: a word in them can be a secret, and none tells a reader anything.
_FIELDS = frozenset({FileRole.NODE_STORE, FileRole.DEBUG_DUMP, FileRole.PATCH, *_RENAMED})
_ONE_VALUE = frozenset({FileRole.JOIN, FileRole.LOCK, FileRole.PROBE, FileRole.KEY, FileRole.SOCKET})
_OF_LINES = b"\t\n\r\f\x1b"
_NOT_CONTROL = bytes(range(0x20, 0x100))
_EMPTIED = "files of which only name and size are kept"


class Cleaner:
    """Copies the files of one run.

    Attributes:
        given: paths of texts that were given by themselves: the reader takes these for what is in them.
        unreadable: paths of files that the system did not give.
    """

    def __init__(self, texts: Texts) -> None:
        self.given: set[str] = set()
        self.unreadable: set[str] = set()
        self._texts = texts
        self._pages = Pages(texts)
        self._certificates = Certificates(texts)
        texts.certificate = self._certificates.certificate

    def read(self, file: InputFile) -> bytes | None:
        """The content; None, and noted, where the system does not give it."""
        try:
            return file.blob.read() if file.blob is not None else None
        except UnreadableError:
            self.unreadable.add(file.path)
            return None

    def file(self, path: str, data: bytes) -> bytes:
        """The copy's content. What nobody can tell the content of becomes zeros."""
        texts = self._texts
        parent, _, name = path.rpartition("/")
        role = role_of(name, parent.rpartition("/")[2])
        if role in _RENAMED and (rest := _RENAMING.sub("", name)):
            role = role_of(rest) if role_of(rest) in RAFT_ROLES else role
        if role in _SEGMENTS:
            return cleaned_segment(data, self._pages)
        if role is FileRole.SNAPSHOT:
            return cleaned_snapshot(data, self._pages)
        if role is FileRole.SNAPSHOT_META:
            return cleaned_meta(data, self._pages)
        if role is FileRole.METADATA:
            return cleaned_metadata(data)
        if data.startswith(SQLITE_MAGIC):
            return cleaned_database(data, self._pages)
        is_read = role is not FileRole.UNKNOWN or path in self.given or wanted_text(path) or name in MEMBER_LISTS
        if is_read and is_text(data):
            return cleaned_text(
                data, texts, self._certificates, as_field=role in _FIELDS, is_one_value=role in _ONE_VALUE
            )
        return self.emptied(len(data))

    def emptied(self, size: int) -> bytes:
        """Zeros in place of a file that cannot be cleaned with certainty."""
        if size:
            self._texts.counts[_EMPTIED] += 1
        return bytes(size)


def cleaned_metadata(data: bytes) -> bytes:
    """`metadata1` or `metadata2`: numbers that tell nothing, where it is one."""
    known = is_likely(int.from_bytes(data[:8], "little"))
    return data[:METADATA_BYTES] + blank(data[METADATA_BYTES:]) if known else blank(data)


def is_text(data: bytes) -> bool:
    """Bytes below 0x20 are those of lines alone: the rest may be of any encoding, and goes by the word."""
    return not data.translate(None, _OF_LINES + _NOT_CONTROL)
