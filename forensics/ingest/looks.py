"""What listings say of one directory: looks at different times, each for itself, the latest leading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from forensics.evidence import Span
from forensics.ingest import raft_names
from forensics.ingest.collectors import Collection
from forensics.ingest.listing import Listed, Listing
from forensics.ingest.listing.blocks import is_one_look, raft_names_of
from forensics.ingest.listing.dates import resolve, year_known
from forensics.limits import LOOKS_MAX


@dataclass(frozen=True, slots=True)
class DatedFile:
    """A listed file with its time as seconds since 1970."""

    listed: Listed
    mtime: float | None
    year_known: bool


@dataclass(frozen=True, slots=True)
class ListedDirectory:
    """All that listings say of one directory.

    Attributes:
        files: by name.
        sources: paths of the texts.
        cut: some of its files are missing from the listing.
        total: bytes of all blocks, where a `total` line or `du` says; `at`: that line, where `du` says.
        host: as the text names it.
        newest: time of raft's newest file and whether its year is known; None without times.
        position: the largest index in a name; 0 without any.
        earlier: looks before this one, oldest first.
    """

    files: Mapping[str, DatedFile] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    cut: bool = False
    total: int | None = None
    at: Span | None = None
    host: str | None = None
    newest: tuple[float, bool] | None = None
    position: int = 0
    earlier: tuple[ListedDirectory, ...] = ()


NOT_LISTED = ListedDirectory()


def with_listing(known: ListedDirectory, listing: Listing, collection: Collection) -> ListedDirectory:
    """What is known of a directory, with what one text says of it.

    A collector looks once, however many of its files tell. People look several times.
    """
    looks = (*listing.earlier, listing) if collection.by_hand else (listing,)
    for look in looks:
        known = _with_look(known, _dated(look, looks, collection), several=collection.by_hand)
    return known


def _dated(listing: Listing, looks: Iterable[Listing], collection: Collection) -> ListedDirectory:
    """One look. Years that the text leaves out are those of all its looks together."""
    offset = collection.utc_offset or 0.0
    collected = None if collection.collected is None else collection.collected + offset  # as the machine's clock read
    times = resolve([entry.when for look in looks for entry in look.entries if entry.when], collected)
    files = {}
    for entry in listing.entries:
        when = entry.when
        dated = when is not None and year_known(when, collected)
        files[entry.name] = DatedFile(entry, times[when] - offset if when else None, dated)
    return ListedDirectory(
        files,
        (listing.source,),
        listing.cut or not (listing.whole or not collection.by_hand),
        listing.total,
        listing.at,
        listing.host,
        _newest(files),
        max((_index_in(name) for name in files), default=0),
    )


def _newest(files: Mapping[str, DatedFile]) -> tuple[float, bool] | None:
    raft = raft_names_of(file.listed for file in files.values())
    return max(
        ((file.mtime, file.year_known) for name, file in files.items() if name in raft and file.mtime is not None),
        default=None,
    )


def _index_in(name: str) -> int:
    closed, snapshot = raft_names.parse_closed(name), raft_names.parse_snapshot(name)
    return closed.last if closed else snapshot.index if snapshot else 0


def _with_look(known: ListedDirectory, look: ListedDirectory, *, several: bool) -> ListedDirectory:
    if not known.sources:
        return look
    if not several or is_one_look(_listed(known), _listed(look)):
        return _joined(known, look)
    looks = [*known.earlier, replace(known, earlier=())]
    place = next((number for number in range(len(looks), 0, -1) if not _is_later(looks[number - 1], look)), 0)
    looks.insert(place, look)
    return replace(looks[-1], earlier=tuple(looks[-LOOKS_MAX:-1]))


def _listed(directory: ListedDirectory) -> dict[str, Listed]:
    return {name: file.listed for name, file in directory.files.items()}


def _is_later(one: ListedDirectory, other: ListedDirectory) -> bool:
    """By raft's newest file; without such times by the index that the log reaches, for that only grows."""
    if one.newest and other.newest and one.newest[1] is other.newest[1] and one.newest[0] != other.newest[0]:
        return one.newest[0] > other.newest[0]
    return one.position > other.position > 0


def _joined(known: ListedDirectory, look: ListedDirectory) -> ListedDirectory:
    """Parts of one look: of a file that stands in both, the later text counts."""
    return ListedDirectory(
        {**known.files, **look.files},
        tuple(dict.fromkeys((*known.sources, *look.sources))),
        known.cut or look.cut,
        look.total if look.total is not None else known.total,
        look.at or known.at,
        look.host or known.host,
        max(filter(None, (known.newest, look.newest)), default=None),
        max(known.position, look.position),
        known.earlier,
    )
