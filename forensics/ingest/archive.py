"""Archives → files. tarfile and zipfile read the headers; contents are taken in place, never unpacked.

The files of a plain tar are ranges of the archive itself. Files of a compressed archive pass by once: those that
`keep` asks for go to memory (small) or to the private spool, the others are only hashed.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.barrier import stage
from forensics.evidence import Blob
from forensics.ingest.content import Item, Keep, counted
from forensics.ingest.files import BROKEN, InputFile, Kind, Refusal
from forensics.ingest.spool import Spool
from forensics.ingest.streams import compression_of
from forensics.ingest.tar_archive import is_tar_header, plain_items, stream_items
from forensics.ingest.zip_archive import zip_items


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
    with spool.budget.reading(blob.size):
        yield from counted(_distinct(_items(blob, prefix, keep, spool)), blob.path, spool.budget)


def _items(blob: Blob, prefix: str, keep: Keep, spool: Spool) -> Iterator[Item]:
    kind = archive_kind(blob)
    if kind == "zip":
        return zip_items(blob, prefix, keep, spool)
    if kind == "tar":
        return plain_items(blob, prefix, spool.budget)
    return stream_items(blob, prefix, (kind or "").removeprefix("tar."), keep, spool)


def _distinct(items: Iterator[Item]) -> Iterator[Item]:
    """Refuse a name that comes a second time (the first one stays)."""
    seen: set[str] = set()
    for item in items:
        if isinstance(item, InputFile):
            if item.path in seen:
                if item.kind is not Kind.DIRECTORY:
                    yield Refusal(item.path, "name-duplicate", "the same name came before; the first one is used")
                continue
            seen.add(item.path)
        yield item
