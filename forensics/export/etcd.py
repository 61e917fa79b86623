"""A kine table as an etcd v3 snapshot, which `etcdctl snapshot restore` takes.

The rule is written down in docs/reference/etcd.md#from-kine-to-etcd; names of buckets and fields are those of
etcd-io/etcd server/mvcc/buckets, api/mvccpb/kv.proto, server/lease/leasepb/lease.proto.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from forensics.export.bbolt import BoltWriter, Pair
from forensics.export.live import Live, LiveObject
from forensics.limits import IO_CHUNK_BYTES


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        revision: the store's revision after a restore, which is also its compact revision.
        leases: times to live, each of which became one lease.
    """

    objects: int
    revision: int
    leases: int


def write_snapshot(live: Live, file: BinaryIO) -> Exported:
    """Write the snapshot, its SHA-256 behind it. Raises QueryError where the database cannot be read to its end.

    Args:
        live: the objects.
        file: new, open for reading and writing.
    """
    counted = _Counted(live)
    leases = live.leases()
    writer = BoltWriter(file)
    writer.bucket(b"key", counted.pairs())
    writer.bucket(b"lease", [(struct.pack(">q", seconds), _lease(seconds)) for seconds in leases])
    compacted = _revision(live.revision)
    writer.bucket(b"meta", [(b"finishedCompactRev", compacted), (b"scheduledCompactRev", compacted)])
    writer.close()
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(IO_CHUNK_BYTES):
        digest.update(piece)
    file.write(digest.digest())
    return Exported(counted.objects, live.revision, len(leases))


class _Counted:
    def __init__(self, live: Live) -> None:
        self._live = live
        self.objects = 0

    def pairs(self) -> Iterator[Pair]:
        for found in self._live.objects():
            self.objects += 1
            yield _revision(found.revision), _key_value(found)


def _revision(revision: int) -> bytes:
    """Main and sub revision, as etcd's keys of revisions are."""
    return struct.pack(">q", revision) + b"_" + struct.pack(">q", 0)


def _key_value(found: LiveObject) -> bytes:
    """mvccpb.KeyValue."""
    version = 2 if found.updated else 1
    numbers = (found.create_revision, found.revision, version)
    middle = b"".join(_number(field, number) for field, number in enumerate(numbers, start=2))
    return _bytes(1, found.key) + middle + _bytes(5, found.value) + (_number(6, found.lease) if found.lease else b"")


def _lease(seconds: int) -> bytes:
    """leasepb.Lease: its ID is its time to live, as it is in kine."""
    return _number(1, seconds) + _number(2, seconds)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
