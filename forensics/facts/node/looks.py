"""A directory as several listings show it, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.ingest import raft_names
from forensics.ingest.roles import RAFT_ROLES
from forensics.ingest.state_directory import StateFile


@dataclass(frozen=True, slots=True)
class Seen:
    """One listing.

    Attributes:
        raft: raft's files, by name.
        cut: it is not whole.
        sources: paths of the texts. host: as they name it; None where they do not.
        at: its first file.
    """

    raft: Mapping[str, StateFile]
    cut: bool
    sources: tuple[str, ...]
    host: str | None
    at: Span

    @property
    def size(self) -> int | None:
        """Bytes of raft's files together; None where a size is rounded, or a file may be missing."""
        sizes = [file.exact_size for file in self.raft.values()]
        known = [size for size in sizes if size is not None]
        return sum(known) if len(known) == len(sizes) and not self.cut else None

    @property
    def newest(self) -> float | None:
        """Time of the newest file, in seconds since 1970; of a listing without years only distances mean something."""
        return max((file.mtime for file in self.raft.values() if file.mtime is not None), default=None)

    @property
    def last_index(self) -> int:
        """The largest index in a name; 0 where none has one."""
        return max(map(_last_index, self.raft), default=0)


def _last_index(name: str) -> int:
    closed, snapshot = raft_names.parse_closed(name), raft_names.parse_snapshot(name)
    return closed.last if closed else snapshot.index if snapshot else 0


def pairs_of_looks(node: Node) -> Iterator[tuple[Seen, Seen]]:
    """Each listing with the next one, oldest first; none where there is only one."""
    state = node.state
    looks = [_seen(look.files, look.sources, look.host, cut=look.cut) for look in state.looks]
    looks.append(_seen(state.listed, state.listing, state.listed_host, cut=state.listing_cut))
    return pairwise(filter(None, looks))


def _seen(files: Mapping[str, StateFile], sources: tuple[str, ...], host: str | None, *, cut: bool) -> Seen | None:
    raft = {name: file for name, file in files.items() if file.role in RAFT_ROLES}
    return Seen(raft, cut, sources, host, min(file.at for file in raft.values())) if raft else None
