"""Archives → files. tarfile and zipfile read the headers; contents are taken in place, never unpacked.

The files of a plain tar are ranges of the archive itself. Files of a compressed archive pass by once: those that
`keep` asks for go to memory (small) or to the private spool, the others are only hashed.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.barrier import stage
from forensics.evidence import Blob
from forensics.ingest.content import Item, Keep
from forensics.ingest.files import BROKEN, InputFile, Kind, Refusal
from forensics.ingest.spool import Spool
from forensics.ingest.streams import compression_of
from forensics.ingest.tar_archive import is_tar_header, plain_items, stream_items
from forensics.ingest.zip_archive import zip_items
from forensics.limits import FILES_MAX


def archive_kind(blob: Blob) -> str | None:
    """`tar`, `zip`, `tar.gzip`, `tar.xz`, … by the first bytes (a compressed file is taken for a tar); else None."""
    head = blob.read(0, 512)
    compression = compression_of(head)
    if compression:
        return f"tar.{compression}"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    return "tar" if is_tar_header(head) else None


def _unread(blob: Blob, prefix: str, *_: object) -> Iterator[Item]:
    yield Refusal(prefix.removesuffix("!/") or blob.path, BROKEN, "an error of this program ended the reading")


@stage("reading the archive", lambda blob, *_: blob.path, _unread, told=True)
def read_archive(blob: Blob, prefix: str, keep: Keep, spool: Spool) -> Iterator[Item]:
    """All files of one archive, in its order, and what was refused of it.

    Args:
        blob: the archive.
        prefix: put before each file's name (`""`, or `outer.tar!/`).
        keep: whether a file of that path is wanted with its content.
        spool: for contents that cannot be read at random.
    """
    kind = archive_kind(blob)
    if kind == "zip":
        items = zip_items(blob, prefix, keep, spool)
    elif kind == "tar":
        items = plain_items(blob, prefix)
    else:
        items = stream_items(blob, prefix, (kind or "").removeprefix("tar."), keep, spool)
    yield from _distinct(items)


def _distinct(items: Iterator[Item]) -> Iterator[Item]:
    """Refuse a name that comes a second time (the first one stays), and what exceeds FILES_MAX."""
    seen: set[str] = set()
    for item in items:
        if isinstance(item, InputFile):
            if item.path in seen:
                if item.kind is not Kind.DIRECTORY:
                    yield Refusal(item.path, "name-duplicate", "the same name came before; the first one is used")
                continue
            if len(seen) >= FILES_MAX:
                yield Refusal(item.path, "FILES_MAX", f"more than {FILES_MAX} files; the rest is not read")
                return
            seen.add(item.path)
        yield item
