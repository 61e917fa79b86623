"""What a recovery tarball holds, read in place: the next start unpacks it over the database.

Only names and the list of members are taken out of it; it is never unpacked. See
docs/reference/microcluster.md#state-directory and docs/reference/products.md#lxd.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from enum import Enum

from forensics.barrier import left_out, note
from forensics.evidence import Blob, Parsed
from forensics.ingest.archive import archive_kind, read_archive
from forensics.ingest.files import Kind, Refusal
from forensics.ingest.raft_names import parse_closed, parse_snapshot
from forensics.ingest.roles import RAFT_ROLES, role_of
from forensics.ingest.spool import Spool
from forensics.ingest.state_directory import StateFile
from forensics.parsers.recovery_members import RecoveryMember, parse_recovery_members

_NO_TROUBLE = ("name-empty", "name-duplicate")  # the folder itself, which Go writes first; of two files the last stays
MEMBER_LISTS = ("recovery.yaml", "raft_nodes.yaml")


class Trouble(Enum):
    """Why a tarball cannot be unpacked whole."""

    NOT_AN_ARCHIVE = "not-an-archive"  # no gzip-compressed tar
    BROKEN = "broken"  # its reader stops at something
    CUT = "cut"  # it ends inside one of its files


@dataclass(frozen=True, slots=True)
class Tarball:
    """A recovery tarball, looked into.

    Attributes:
        names: of its files, in its order.
        trouble: why it cannot be unpacked whole; None where it can.
        trouble_code: what its reader stopped at, where it is broken; else empty.
        members: the list of members in it; None where it has none.
    """

    names: tuple[str, ...]
    trouble: Trouble | None
    members: Parsed[tuple[RecoveryMember, ...]] | None
    trouble_code: str = ""

    @property
    def has_raft(self) -> bool:
        """There is a database in it at all."""
        return any(role_of(name.rpartition("/")[2]) in RAFT_ROLES for name in self.names)

    @property
    def last_index(self) -> int | None:
        """The last index that names alone prove."""
        return last_index_of(self.names)


def last_index_of(names: tuple[str, ...]) -> int | None:
    """Of closed segments and snapshots, by their names."""
    ends = [closed.last for name in names if (closed := parse_closed(name))]
    snapshots = [snapshot.index for name in names if (snapshot := parse_snapshot(name))]
    return max(ends + snapshots, default=None)


def read_tarball(file: StateFile) -> Tarball | None:
    """Look into it; None where only its name is known. Go's reader stops at the first thing that it cannot read."""
    if file.blob is None or file.cut:
        return None
    if archive_kind(file.blob) != "tar.gzip":
        return Tarball((), Trouble.NOT_AN_ARCHIVE, None)
    if _is_empty(file.blob):
        return Tarball((), None, None)
    return _read_files(file.blob, f"{file.at.path}!/")


def _read_files(blob: Blob, prefix: str) -> Tarball | None:
    """None where a bound of ours stops the reading: that is no fault of the tarball's."""
    names: list[str] = []
    troubles: list[tuple[Trouble, str]] = []
    members: Parsed[tuple[RecoveryMember, ...]] | None = None
    with Spool() as spool:
        for item in read_archive(blob, prefix, _is_member_list, spool):
            if isinstance(item, Refusal):
                if item.code.isupper():
                    note(left_out("looking into a recovery tarball", blob.path, item.detail))
                    return None
                troubles += _trouble(item)
                continue
            name = item.path.removeprefix(prefix)
            names += [name] if item.kind is Kind.FILE else []
            troubles += [(Trouble.CUT, "")] if item.cut else []
            if name in MEMBER_LISTS and item.blob is not None:
                members = parse_recovery_members(item.blob)
    trouble, code = troubles[0] if troubles else (None, "")
    return Tarball(tuple(names), trouble, members, code)


def _trouble(refusal: Refusal) -> list[tuple[Trouble, str]]:
    """What stops Go's reader; nothing where the refusal is of what it takes."""
    harmless = refusal.harmless or refusal.code in _NO_TROUBLE
    return [] if harmless else [(Trouble.BROKEN, refusal.code)]


def _is_empty(blob: Blob) -> bool:
    """A gzip stream of nothing: Go's reader takes it for an archive without files, Python's for none."""
    stream = zlib.decompressobj(wbits=31)
    try:
        return not stream.decompress(blob.read(0, 4096), 1) and stream.eof
    except zlib.error:
        return False


def _is_member_list(path: str) -> bool:
    return path.endswith(MEMBER_LISTS)
