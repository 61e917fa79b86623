"""The nouns of the inventory: a state directory, its files, and second copies beside it."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from forensics.evidence import Blob, Span
from forensics.ingest.collectors import Collection
from forensics.ingest.files import Kind
from forensics.ingest.products import Product, is_microcluster
from forensics.ingest.roles import FileRole
from forensics.limits import FILE_BYTES_MAX


@dataclass(frozen=True, slots=True)
class Ends:
    """How much of a file was collected where the whole was too large.

    Attributes:
        head: bytes of its beginning.
        tail: bytes of its end; 0 where that tells nothing.
        sha256: of the whole file, as it was computed on the machine; None where it was not.
    """

    head: int
    tail: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class StateFile:
    """One file of a state directory: with its content, or only as a listing tells of it.

    Attributes:
        name: relative to the state directory (`truststore/n1.yaml`).
        role: see FileRole.
        kind: file, directory, link or socket.
        size_min, size_max: bytes; equal where the size is exact, an interval where a listing rounded it.
        at: the whole file, or the listing's line.
        blob: the content; None from a listing, or where it was refused.
        mtime: seconds since 1970 UTC. mode: permission bits. owner: `user:group`. None where unknown.
        cut: only a part of the content arrived.
        listed: known from a listing only.
        ends: the collector took its beginning and end alone; None for any other file.
        mtime_year: the year of mtime is known (else only order and distances of such times mean something).
    """

    name: str
    role: FileRole
    kind: Kind
    size_min: int
    size_max: int
    at: Span
    blob: Blob | None = None
    mtime: float | None = None
    mode: int | None = None
    owner: str | None = None
    cut: bool = False
    listed: bool = False
    mtime_year: bool = True
    ends: Ends | None = None

    @property
    def sized(self) -> bool:
        """Something is known of its size."""
        return self.size_max < FILE_BYTES_MAX

    @property
    def arrived(self) -> bool:
        """All of its content is here."""
        return self.blob is not None and not self.cut and not self.listed

    @property
    def exact_size(self) -> int | None:
        """Bytes, where they are known exactly."""
        return self.size_min if self.size_min == self.size_max else None


@dataclass(frozen=True, slots=True)
class SecondCopy:
    """A second copy of a node's state, beside the live one: its path in the input, and its files by name."""

    path: str
    files: Mapping[str, StateFile]


@dataclass(frozen=True, slots=True)
class Look:
    """A listing of a directory from another time.

    Attributes:
        files: by name.
        sources: paths of the texts.
        cut: the listing is not whole.
        host: as the text names it; None where it does not.
    """

    files: Mapping[str, StateFile]
    sources: tuple[str, ...]
    cut: bool
    host: str | None


@dataclass(frozen=True, slots=True, eq=False)
class StateDirectory:
    """One node's copy of one database's state.

    Attributes:
        node: name of the host or directory that it came from, unique within its database.
        product: whose database it is.
        path: of the raft directory in the input.
        files: of the raft directory, by name.
        around: of the microcluster state directory around it (daemon.yaml, truststore, …), by name.
        listing: paths of the listings that told of files without content.
        listed: every file as those listings tell of it, also where its content is here too, by name.
        listing_cut: the listing itself is not whole: what it does not show may still have been there.
        cut: the input could not be read to its end here: what did not arrive may still have been there.
        listed_total: bytes of all blocks by the listing's `total` line or by `du`, at most; None without these.
        listed_at: where that total stands, if not beside files.
        listed_host: the host that the listing names; None where it names none.
        looks: earlier listings of the directory, oldest first. Only the last one is judged as it is.
        collection: what collected it; None for a plain copy.
        empty: folders around it that are known to hold nothing (`truststore`).
        older: paths of copies that other revisions of the snap left beside it; not taken for nodes.
        repeats: paths of the very same directory that arrived again; not taken for nodes.
        changed: names of files that changed while they were copied; None where nobody looked twice.
        second_copies: other second copies beside it: a product's backups, folders of a recovery, copies by hand.
    """

    node: str
    product: Product
    path: str
    files: Mapping[str, StateFile] = field(default_factory=dict)
    around: Mapping[str, StateFile] = field(default_factory=dict)
    listing: tuple[str, ...] = ()
    listed: Mapping[str, StateFile] = field(default_factory=dict)
    listing_cut: bool = False
    cut: bool = False
    listed_total: int | None = None
    listed_at: Span | None = None
    listed_host: str | None = None
    looks: tuple[Look, ...] = ()
    collection: Collection | None = None
    empty: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    second_copies: tuple[SecondCopy, ...] = ()
    repeats: tuple[str, ...] = ()
    changed: tuple[str, ...] | None = None

    @property
    def in_microcluster(self) -> bool:
        """A microcluster state directory is around it: a known product's, or by what lies there."""
        trusted = any(file.role is FileRole.TRUSTSTORE for file in self.around.values())
        return is_microcluster(self.product) or (trusted and "daemon.yaml" in self.around)

    def of_role(self, role: FileRole) -> list[StateFile]:
        """Its files of one role, by name."""
        return [file for _, file in sorted(self.files.items()) if file.role is role]

    def without_contents(self, paths: Some[str]) -> StateDirectory:
        """With these files known by name alone, by their path in the input; itself where it has none of them."""

        def left(files: Mapping[str, StateFile]) -> dict[str, StateFile]:
            return {
                name: replace(file, blob=None, cut=True) if file.at.path in paths and file.blob is not None else file
                for name, file in files.items()
            }

        files, around = left(self.files), left(self.around)
        if files == self.files and around == self.around:
            return self
        return replace(self, files=files, around=around)

    def file(self, name: str) -> StateFile | None:
        """The file of that name, in the raft directory or around it."""
        return self.files.get(name) or self.around.get(name)
