"""Files between two boundaries of a text → one listing for each directory, however often it was listed."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace

from forensics.ingest.files import Kind
from forensics.ingest.listing.commands import join
from forensics.ingest.listing.model import Listed, Listing
from forensics.ingest.listing.rows import File
from forensics.ingest.listing.scale import scaled
from forensics.ingest.listing.whole import Block, shows_all, total_says_cut, untorn
from forensics.ingest.roles import RAFT_ROLES, role_of


def listings_of(block: Block, source: str) -> Iterator[Listing]:
    """One listing for each directory: `find` and `ls /dir/*` name the directory with each file."""
    if block.at is not None and not block.files:
        yield Listing(block.directory, block.host, (), source, cut=True, total=block.total, at=block.at)
        return
    if block.total == 0 and not block.files and block.directory:
        yield Listing(block.directory, block.host, (), source, total=0)
    files = list(_as_directories(scaled(untorn(block), bytes_asked=block.counts_bytes)))
    torn, block.files = len(files) < len(block.files), files
    groups: dict[str | None, list[Listed]] = {}
    for file in files:
        if file.path.rstrip("/") in (".", "..", "./.", "") or file.listed.name in (".", ".."):
            continue
        folder = posixpath.dirname(file.path.rstrip("/"))
        directory = join(block.directory, folder) if folder not in ("", ".") else block.directory
        groups.setdefault(directory, []).append(file.listed)
    cut = block.cut or torn or (len(groups) == 1 and total_says_cut(block))
    for directory, entries in groups.items():
        total = block.total if len(groups) == 1 else None
        whole = shows_all(block, entries)
        yield Listing(directory, block.host, tuple(entries), source, cut, whole=whole, total=total)


def _as_directories(files: list[File]) -> Iterator[File]:
    """Mark as directories what other paths lie in: some styles do not say."""
    folders = {posixpath.dirname(file.path) for file in files}
    for file in files:
        if file.path in folders and file.listed.kind is Kind.FILE:
            yield replace(file, listed=replace(file.listed, kind=Kind.DIRECTORY))
        else:
            yield file


def merged(listings: list[Listing]) -> list[Listing]:
    """Several looks at one directory of one host become one: the last look wins, parts of one look are joined.

    Where neither host nor directory is known, two that both hold raft's files are two nodes.
    """
    places: dict[object, _Place] = {}
    for number, listing in enumerate(listings):
        key: object = (listing.host, listing.directory)
        raft = {entry.name for entry in listing.entries if role_of(entry.name) in RAFT_ROLES}
        if key == (None, None) and raft and key in places and places[key].raft:
            key = number
        if key in places:
            places[key].look_again(listing, raft)
        else:
            places[key] = _Place(listing, {entry.name: entry for entry in listing.entries}, raft)
    return [replace(place.last, entries=tuple(place.entries.values())) for place in places.values()]


@dataclass(slots=True)
class _Place:
    """What was seen of one directory so far: the last listing, all files by name, and raft's names among them."""

    last: Listing
    entries: dict[str, Listed]
    raft: set[str]

    def look_again(self, listing: Listing, raft: set[str]) -> None:
        """One more look: a new one where raft's files are seen again, else a further part."""
        before, again = self.last, bool(raft & self.raft)
        if again:
            self.entries, self.raft = {}, set()
        for entry in listing.entries:
            self.entries.pop(entry.name, None)
            self.entries[entry.name] = entry
        self.raft |= raft
        cut = listing.cut or (before.cut and not again)
        self.last = replace(listing, cut=cut, whole=listing.whole or (before.whole and not again))
