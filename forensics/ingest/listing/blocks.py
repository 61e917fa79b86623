"""Files between two boundaries of a text → one listing a directory, and several looks at one directory → one."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from forensics.ingest import raft_names
from forensics.ingest.listing.commands import join
from forensics.ingest.listing.model import Listed, Listing
from forensics.ingest.listing.rows import File
from forensics.ingest.listing.scale import scaled
from forensics.ingest.listing.whole import Block, shows_all, total_says_cut, untorn
from forensics.ingest.member import Kind
from forensics.ingest.roles import RAFT_ROLES, role_of


def listings_of(block: Block, member: str) -> Iterator[Listing]:
    """One listing a directory: `find` and `ls /dir/*` name the directory with each file."""
    if block.at is not None and not block.files:
        yield Listing(block.directory, block.host, (), member, cut=True, total=block.total, at=block.at)
        return
    if block.total == 0 and not block.files and block.directory:
        yield Listing(block.directory, block.host, (), member, total=0)
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
        yield Listing(directory, block.host, tuple(entries), member, cut, whole=whole, total=total)


def _as_directories(files: list[File]) -> Iterator[File]:
    """What other paths lie in is a directory, also where the style does not say."""
    folders = {posixpath.dirname(file.path) for file in files}
    for file in files:
        if file.path in folders and file.listed.kind is Kind.FILE:
            yield replace(file, listed=replace(file.listed, kind=Kind.DIRECTORY))
        else:
            yield file


def merged(listings: list[Listing]) -> list[Listing]:
    """Several looks at one directory of one host become one: the last look wins, parts of one look are joined."""
    kept: list[Listing] = []
    for listing in listings:
        same = next((at for at, other in enumerate(kept) if _same_place(other, listing)), None)
        if same is None:
            kept.append(listing)
            continue
        before = kept[same]
        names = {entry.name for entry in listing.entries}
        raft = {name for name in names if role_of(name) in RAFT_ROLES}
        again = any(entry.name in raft for entry in before.entries)
        entries = () if again else tuple(entry for entry in before.entries if entry.name not in names)
        cut = listing.cut or (before.cut and not again)
        whole = listing.whole or (before.whole and not again)
        kept[same] = replace(listing, entries=entries + listing.entries, cut=cut, whole=whole)
    return kept


def _same_place(one: Listing, other: Listing) -> bool:
    """Same host and directory; without a host, only where the names themselves carry the path or cannot collide."""
    if one.host != other.host or one.directory != other.directory:
        return False
    if one.host is not None or one.directory is None:
        return one.host is not None or not (_has_raft(one) and _has_raft(other))
    return True


def _has_raft(listing: Listing) -> bool:
    return any(raft_names.parse_closed(entry.name) or entry.name == "metadata1" for entry in listing.entries)
