"""Files between two boundaries of a text → one listing for each directory, however often it was listed."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from forensics.ingest.files import Kind
from forensics.ingest.listing.columns import are_cut, without_torn
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
    torn_rows = are_cut(block)
    files = list(_as_directories(scaled(without_torn(untorn(block)), bytes_asked=block.counts_bytes)))
    torn, block.files = len(files) < len(block.files), files
    groups: dict[str | None, list[Listed]] = {}
    for file in files:
        if file.path.rstrip("/") in (".", "..", "./.", "") or file.listed.name in (".", ".."):
            continue
        folder = posixpath.dirname(file.path.rstrip("/"))
        directory = join(block.directory, folder) if folder not in ("", ".") else block.directory
        groups.setdefault(directory, []).append(file.listed)
    cut = block.cut or torn or torn_rows or (len(groups) == 1 and total_says_cut(block))
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
    """Listings of one directory of one host become one: parts of one look are joined, of several looks the last leads.

    Where neither host nor directory is known, two that both hold raft's files are two nodes.
    """
    places: dict[object, _Place] = {}
    for number, listing in enumerate(listings):
        key: object = (listing.host, listing.directory)
        if key == (None, None) and key in places and raft_names_of(listing.entries) and places[key].raft:
            key = number
        if key in places:
            places[key].look_again(listing)
        else:
            places[key] = _Place(listing, {entry.name: entry for entry in listing.entries})
    return [place.listing() for place in places.values()]


def raft_names_of(entries: Iterable[Listed]) -> set[str]:
    """Names that raft gives, and that tell one look from another."""
    return {entry.name for entry in entries if role_of(entry.name) in RAFT_ROLES}


def is_one_look(before: Mapping[str, Listed], after: Mapping[str, Listed]) -> bool:
    """Two listings can be of one moment: parts with no file of raft's in common, or the same files in another form."""
    one, other = raft_names_of(before.values()), raft_names_of(after.values())
    if not one & other:
        return True
    return one == other and all(_can_be_one(before[name], after[name]) for name in one)


def _can_be_one(before: Listed, after: Listed) -> bool:
    """Sizes and times do not contradict each other, as far as they are printed in one form."""
    if before.size_min > after.size_max or after.size_min > before.size_max:
        return False
    one, other = before.when, after.when
    return one is None or other is None or one == other or one.precision != other.precision


@dataclass(slots=True)
class _Place:
    """What was seen of one directory so far: the last look's listing and its files by name, and the looks before it."""

    last: Listing
    entries: dict[str, Listed]
    before: list[Listing] = field(default_factory=list)

    @property
    def raft(self) -> set[str]:
        return raft_names_of(self.entries.values())

    def listing(self) -> Listing:
        """The last look, with those before it."""
        return replace(self.last, entries=tuple(self.entries.values()), earlier=tuple(self.before))

    def look_again(self, listing: Listing) -> None:
        """One more listing: another look, or a further part of the last one."""
        before, shown = self.last, {entry.name: entry for entry in listing.entries}
        again = bool(self.raft & raft_names_of(listing.entries))
        if not is_one_look(self.entries, shown):
            self.before.append(replace(before, entries=tuple(self.entries.values())))
            self.entries = {}
        elif again:
            self.entries = {name: entry for name, entry in self.entries.items() if name in shown}
        for name, entry in shown.items():
            known = self.entries.pop(name, None)
            self.entries[name] = known if known is not None and known.sized and not entry.sized else entry
        cut = listing.cut or (before.cut and not again)
        self.last = replace(listing, cut=cut, whole=listing.whole or (before.whole and not again))
