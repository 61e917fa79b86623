"""Entries from bytes, without the tool's own parsers: every batch whose checksums hold, wherever it stands in a file.

Source: docs/reference/segments.md#segments; docs/reference/configurations.md#encoding.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forensics.crc import crc32

COMMAND, BARRIER, CHANGE = 1, 2, 3
VOTER = 1
_ENTRIES_MAX = 10_000  # of one batch; dqlite's have some dozens
_NOT_ZERO = re.compile(rb"[^\0]")
_CLOSED = re.compile(r"^(\d{16})-(\d{16})$")
_OPEN = re.compile(r"^open-(\d+)$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry by what it means: equal entries are the same one.

    Attributes:
        term: of its leader.
        kind: COMMAND, BARRIER or CHANGE; 0 for one that only a snapshot tells of.
        digest: of what a command or configuration says; 0 of a barrier.
        voters: IDs, of a CHANGE.
    """

    term: int
    kind: int
    digest: int = 0
    voters: frozenset[int] = frozenset()


def entry(term: int, kind: int, payload: bytes) -> Entry:
    """From its content."""
    if kind == CHANGE:
        servers = servers_of(payload)
        voters = frozenset(server for server, _, role in servers if role == VOTER)
        return Entry(term, kind, crc32(repr(sorted(servers)).encode()), voters)
    return Entry(term, kind, crc32(payload) if kind == COMMAND else 0)


def servers_of(payload: bytes) -> list[tuple[int, bytes, int]]:
    """ID, address and role of a configuration's servers; nobody where it cannot be decoded."""
    try:
        _, count = struct.unpack_from("<BQ", payload)
        at, found = 9, []
        for _ in range(count):
            (server,) = struct.unpack_from("<Q", payload, at)
            end = payload.index(b"\0", at + 8)
            found.append((server, payload[at + 8 : end], payload[end + 1]))
            at = end + 2
    except (struct.error, ValueError, IndexError):
        return []
    return found


def batch_at(data: bytes, at: int) -> tuple[list[Entry], int] | None:
    """The batch at an offset and where it ends; None where no whole one stands there."""
    if at + 16 > len(data):
        return None
    of_headers, of_payloads, count = struct.unpack_from("<IIQ", data, at)
    start = at + 16 + 16 * count
    if not 0 < count <= _ENTRIES_MAX or start > len(data) or crc32(data[at + 8 : start]) != of_headers:
        return None
    headers = [struct.unpack_from("<QB3xI", data, at + 16 + 16 * place) for place in range(count)]
    end = start + sum(size for _, _, size in headers)
    if end > len(data) or crc32(data[start:end]) != of_payloads:
        return None
    entries = []
    for term, kind, size in headers:
        entries.append(entry(term, kind, data[start : start + size]))
        start += size
    return entries, end


def walk(data: bytes) -> list[Entry]:
    """A segment's entries from its beginning to the first batch that is not whole."""
    found: list[Entry] = []
    at = 8
    while batch := batch_at(data, at):
        found += batch[0]
        at = batch[1]
    return found


def scan(data: bytes) -> Iterator[Entry]:
    """Entries of all whole batches, also behind damage."""
    at = 0
    while (next_byte := _NOT_ZERO.search(data, at)) is not None:
        at = max(at, next_byte.start() & ~7)
        batch = batch_at(data, at)
        if batch is None:
            at += 8
        else:
            yield from batch[0]
            at = batch[1]


def read_log(files: Mapping[str, bytes]) -> dict[int, Entry]:
    """An undamaged directory's entries by index."""
    log: dict[int, Entry] = {}
    closed = sorted((int(name[1]), file) for file in files if (name := _CLOSED.match(file)))
    for first, file in closed:
        log |= dict(enumerate(walk(files[file]), first))
    snapshots = [int(file.split("-")[2]) for file in files if re.fullmatch(r"snapshot-\d+-\d+-\d+", file)]
    last = max([*log, *snapshots], default=0)
    for _, file in sorted((int(name[1]), file) for file in files if (name := _OPEN.match(file))):
        entries = walk(files[file])
        log |= dict(enumerate(entries, last + 1))
        last += len(entries)
    return log
