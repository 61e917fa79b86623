"""Where copies under other names, listings and pasted YAML belong: virtual directories beside the real ones."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from forensics.evidence import Span
from forensics.ingest.collectors import Collection
from forensics.ingest.excerpt import pasted_yaml
from forensics.ingest.files import InputFile, Kind
from forensics.ingest.listing import Listed, Listing, parse_listings
from forensics.ingest.listing.dates import resolve, year_known
from forensics.ingest.paths import resolve as resolve_link
from forensics.ingest.products import product_of
from forensics.limits import LINK_HOPS_MAX

_TEXT_SUFFIX = re.compile(r"\.(?:txt|log|out|lst|list|md|ls|text|paste)$")


@dataclass(frozen=True, slots=True)
class DatedFile:
    """A listed file with its time as seconds since 1970."""

    listed: Listed
    mtime: float | None
    year_known: bool


@dataclass(slots=True)
class ListedDirectory:
    """All that listings say of one directory.

    Attributes:
        files: by name.
        sources: paths of the texts.
        cut: some of its files are missing from the listing.
        total: bytes of all blocks, where a `total` line or `du` says; `at`: that line, where `du` says.
    """

    files: dict[str, DatedFile] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    cut: bool = False
    total: int | None = None
    at: Span | None = None


@dataclass(slots=True)
class Placement:
    """Additions to the tree of files.

    Attributes:
        copies: by directory: name and file.
        listed: by directory.
        hosts: of a directory that a text names by host: that name.
    """

    copies: dict[str, dict[str, InputFile]] = field(default_factory=lambda: defaultdict(dict))
    listed: dict[str, ListedDirectory] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)


def place(collections: Iterable[Collection], index: Mapping[str, InputFile], real: Iterable[str]) -> Placement:
    """Place everything that collections hold.

    Args:
        collections: see collectors.recognise.
        index: files by path, for links on the way.
        real: directories with content that look like state directories: a listing without a path may be of one.
    """
    placement = Placement()
    known = sorted(real)
    for collection in collections:
        for path, file in collection.copies.items():
            folder, _, name = follow_path(path, index).rpartition("/")
            placement.copies[folder][name] = file
        for file, directory in collection.listings:
            _place_text(placement, collection, file, directory, index, known)
    return placement


def follow_path(path: str, index: Mapping[str, InputFile]) -> str:
    """A path with the links on its way replaced (`/var/snap/microk8s/current` → a revision)."""
    done, parts, hops = "", path.split("/"), 0
    while parts:
        part = parts.pop(0)
        step = f"{done}/{part}" if done else part
        file = index.get(step)
        if file is not None and file.kind is Kind.LINK and hops < LINK_HOPS_MAX:
            hops += 1
            target = resolve_link(step, file.target or "")
            if target is not None:
                done = target
                continue
        done = step
    return done


def _place_text(
    placement: Placement,
    collection: Collection,
    file: InputFile,
    directory: str | None,
    index: Mapping[str, InputFile],
    real: list[str],
) -> None:
    if file.blob is None:
        return
    listings = parse_listings(file.blob, f"/{directory}" if directory else None)
    repeated: dict[str | None, int] = {}
    looks = Counter(listing.directory for listing in listings if listing.host is None)
    for listing in listings:
        number = repeated[listing.directory] = repeated.get(listing.directory, 0) + (listing.host is None)
        path = _path_of(listing, collection, file, number if looks[listing.directory] > 1 else 0, real)
        path = follow_path(path, index)
        if listing.host and collection.by_hand:
            placement.hosts[path] = listing.host
        _add(placement, path, listing, collection)
    if not directory and collection.by_hand:
        _place_yaml(placement, file, listings, real)


def _path_of(listing: Listing, collection: Collection, file: InputFile, number: int, real: list[str]) -> str:
    """The virtual path of a listed directory. `number`: of several looks at one directory without a host, else 0."""
    if not collection.by_hand and listing.directory:
        return collection.root + listing.directory.lstrip("/")
    folder = file.path.rpartition("/")[0]
    inside = (listing.directory or "").lstrip("/")
    if listing.host is None and (same := _same_directory(folder, inside, real)):
        return same
    if inside and (folder == inside or folder.endswith(f"/{inside}")):
        return folder  # the text lies in the very directory that it lists
    base = folder if not number and folder else _TEXT_SUFFIX.sub("", file.path).lstrip("-")
    owner = listing.host or (f"{base}/listing-{number}".lstrip("/") if number else base)
    if listing.host and folder:
        owner = f"{folder}/{listing.host}"
    return f"{owner}/{inside}".strip("/")


def _same_directory(folder: str, inside: str, real: list[str]) -> str | None:
    """The one copied directory near the text that the listing can be of."""
    if folder in real and not inside:
        return folder
    near = [path for path in real if path == folder or path.startswith(f"{folder}/" if folder else "")]
    if inside:
        product = product_of(inside)[0]
        near = [
            path for path in near if path.endswith(inside) or product_of(path)[0] is product or not product.suffixes
        ]
    return near[0] if len(near) == 1 else None


def _add(placement: Placement, path: str, listing: Listing, collection: Collection) -> None:
    offset = collection.utc_offset or 0.0
    collected = None if collection.collected is None else collection.collected + offset  # as the machine's clock read
    times = resolve([entry.when for entry in listing.entries if entry.when], collected)
    at = placement.listed.setdefault(path, ListedDirectory())
    at.sources = tuple(dict.fromkeys((*at.sources, listing.source)))
    at.cut = at.cut or listing.cut or not (listing.whole or not collection.by_hand)
    at.total = listing.total if listing.total is not None else at.total
    at.at = listing.at or at.at
    for entry in listing.entries:
        when = entry.when
        known = when is not None and year_known(when, collected)
        at.files[entry.name] = DatedFile(entry, times[when] - offset if when else None, known)


def _place_yaml(placement: Placement, file: InputFile, listings: list[Listing], real: list[str]) -> None:
    """YAML pasted into a text belongs to the directory that the same text lists, else to one of its own."""
    assert file.blob is not None  # noqa: S101 - the caller looked
    folder = file.path.rpartition("/")[0]
    stem = _TEXT_SUFFIX.sub("", file.path).lstrip("-")
    own = [path for path, listed in placement.listed.items() if file.path in listed.sources]
    taken: dict[str, int] = {}
    for found in pasted_yaml(file.blob):
        base = own[0] if len(own) == 1 and len(listings) == 1 else (folder if folder in real else stem)
        if found.directory or found.host:
            owner = "/".join(part for part in (folder, found.host or ("" if folder else stem)) if part)
            base = f"{owner}/{(found.directory or '').lstrip('/')}".strip("/")
            if found.host:
                placement.hosts[base] = found.host
        number = taken[f"{base}/{found.name}"] = taken.get(f"{base}/{found.name}", 0) + 1
        path = base if number == 1 else f"{base}/{number}".lstrip("/")
        placement.copies[path].setdefault(
            found.name,
            InputFile(file.path, Kind.FILE, found.blob.size, found.blob, file.mtime, sha256=file.sha256, cut=found.cut),
        )
