"""Where copies under other names, listings and pasted YAML belong: virtual directories beside the real ones."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from forensics.barrier import stage
from forensics.evidence import Blob
from forensics.ingest.collectors import Collection
from forensics.ingest.ends import digests_of
from forensics.ingest.excerpt import PastedYaml, pasted_yaml
from forensics.ingest.files import InputFile, Kind
from forensics.ingest.listing import Listing, parse_listings
from forensics.ingest.looks import NOT_LISTED, ListedDirectory, with_listing
from forensics.ingest.paths import resolve as resolve_link
from forensics.ingest.products import product_of
from forensics.ingest.roles import RAFT_ROLES, FileRole, role_of
from forensics.limits import LINK_HOPS_MAX

_BESIDE = frozenset({FileRole.INFO, FileRole.CLUSTER, FileRole.CERTIFICATE, FileRole.DAEMON, FileRole.LOCAL_DATABASE})
_TEXT_SUFFIX = re.compile(r"\.(?:txt|log|out|lst|list|md|ls|text|paste)$")


@dataclass(frozen=True, slots=True)
class Placement:
    """Additions to the tree of files.

    Attributes:
        copies: by directory: name and file.
        tails: ends of files of which `copies` has the beginning, by path. digests: of whole files, by path.
        listed: by directory.
        hosts: of a directory that a text names by host: that name.
    """

    copies: Mapping[str, Mapping[str, InputFile]]
    tails: Mapping[str, InputFile]
    digests: Mapping[str, str]
    listed: Mapping[str, ListedDirectory]
    hosts: Mapping[str, str]


def place(collections: Iterable[Collection], index: Mapping[str, InputFile], real: Iterable[str]) -> Placement:
    """Place everything that collections hold.

    Args:
        collections: see collectors.recognise.
        index: files by path, for links on the way.
        real: directories with content that look like state directories: a listing without a path may be of one.
    """
    places = _Places(index, sorted(real))
    tails: dict[str, InputFile] = {}
    digests: dict[str, str] = {}
    for collection in collections:
        heads = {path: replace(file, cut=True) for path, file in collection.heads.items()}
        tails |= collection.tails
        digests |= digests_of(collection)
        for path, file in {**heads, **collection.copies}.items():
            folder, _, name = follow_path(path, index).rpartition("/")
            places.copies[folder][name] = file
        for file, directory in collection.listings:
            if file.blob is not None:
                places.add_text(collection, file, file.blob, directory)
    places.add_yaml()
    return Placement(places.copies, tails, digests, places.listed, places.hosts)


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


@dataclass(frozen=True, slots=True)
class _Pasted:
    """YAML in a text. `one_listing`: the text has one listing, too."""

    found: PastedYaml
    file: InputFile
    one_listing: bool

    def as_file(self) -> InputFile:
        """The block as a file of its own, at the text's path."""
        blob, file = self.found.blob, self.file
        return InputFile(file.path, Kind.FILE, blob.size, blob, file.mtime, sha256=file.sha256, cut=self.found.cut)


class _Places:
    """What has been placed so far.

    Args:
        index: files by path, for links on the way.
        real: directories with content that look like state directories, sorted.
    """

    def __init__(self, index: Mapping[str, InputFile], real: list[str]) -> None:
        self.copies: dict[str, dict[str, InputFile]] = defaultdict(dict)
        self.listed: dict[str, ListedDirectory] = {}
        self.hosts: dict[str, str] = {}
        self._index = index
        self._real = real
        self._pasted: list[_Pasted] = []

    @stage("reading a listing", lambda _, __, file, *___: file.path, lambda *_: None)
    def add_text(self, collection: Collection, file: InputFile, blob: Blob, directory: str | None) -> None:
        """A text with listings: of `directory`, or of whatever it says; and with YAML, where people pasted it."""
        listings = parse_listings(blob, f"/{directory}" if directory else None)
        repeated: dict[str | None, int] = {}
        looks = Counter(listing.directory for listing in listings if listing.host is None)
        for listing in listings:
            number = repeated[listing.directory] = repeated.get(listing.directory, 0) + (listing.host is None)
            look = number if looks[listing.directory] > 1 else 0
            path = follow_path(_path_of(listing, collection, file, look, self._real), self._index)
            if listing.host and collection.by_hand:
                self.hosts[path] = listing.host
            self.listed[path] = with_listing(self.listed.get(path, NOT_LISTED), listing, collection)
        if not directory and collection.by_hand:
            self._pasted += [_Pasted(found, file, len(listings) == 1) for found in pasted_yaml(blob)]

    def add_yaml(self) -> None:
        """YAML belongs to the directory that its own text lists, else to the one that a text beside it lists.

        Called last, for the listing may come behind it.
        """
        for folder in self._real:
            self._add_files_of(folder)
        taken: Counter[str] = Counter()
        for pasted in self._pasted:
            found = pasted.found
            base = self._home(pasted)
            if found.host:
                self.hosts[base] = found.host
            taken[f"{base}/{found.name}"] += 1
            number = taken[f"{base}/{found.name}"]
            path = base if number == 1 else f"{base}/{number}".lstrip("/")
            self.copies[path].setdefault(found.name, pasted.as_file())

    def _add_files_of(self, folder: str) -> None:
        """Files of a folder that has none of raft's, beside one listing: they are of the directory that it lists."""
        home = self._listed_beside(folder)
        if home is None or home == folder:
            return
        roles = {path: role_of(file.name) for path, file in self._index.items() if file.parent == folder}
        if RAFT_ROLES.isdisjoint(roles.values()):
            found = {self._index[path].name: self._index[path] for path, role in roles.items() if role in _BESIDE}
            self.copies[home] = {**found, **self.copies[home]}

    def _listed_beside(self, folder: str) -> str | None:
        """The only directory that texts in this folder list; None where they list several, or none."""
        near = [
            path
            for path, listed in self.listed.items()
            if any(source.rpartition("/")[0] == folder for source in listed.sources)
        ]
        return near[0] if len(near) == 1 else None

    def _home(self, pasted: _Pasted) -> str:
        """Its directory: as its prompt says, else the only one that its text or one beside it lists, else its own."""
        found, file = pasted.found, pasted.file
        folder = file.path.rpartition("/")[0]
        stem = _stem(file)
        if found.directory or found.host:
            owner = "/".join(part for part in (folder, found.host or ("" if folder else stem)) if part)
            return f"{owner}/{(found.directory or '').lstrip('/')}".strip("/")
        own = [path for path, listed in self.listed.items() if file.path in listed.sources]
        only = self._listed_beside(folder) if not own else own[0] if len(own) == 1 and pasted.one_listing else None
        return only if only is not None else folder if folder in self._real else stem


def _stem(file: InputFile) -> str:
    """A text's path without the ending of its name."""
    return _TEXT_SUFFIX.sub("", file.path).lstrip("-")


def _path_of(listing: Listing, collection: Collection, file: InputFile, look: int, real: list[str]) -> str:
    """The virtual path of a listed directory. `look`: of several looks at one directory without a host, else 0."""
    if not collection.by_hand and listing.directory:
        return collection.root + listing.directory.lstrip("/")
    folder = file.path.rpartition("/")[0]
    inside = (listing.directory or "").lstrip("/")
    if listing.host is None and (same := _same_directory(folder, inside, real)):
        return same
    if inside and (folder == inside or folder.endswith(f"/{inside}")):
        return folder  # the text lies in the very directory that it lists
    base = folder if not look and folder else _stem(file)
    owner = listing.host or (f"{base}/listing-{look}".lstrip("/") if look else base)
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
