"""Raft configurations: members' addresses replaced, as long as they were; ids, roles and the order stay.

An id names a member of raft and nobody else: random numbers, or a digest of the address as it was when the member
joined (docs/reference/raft.md#bootstrap-and-ids), which nobody can compute back from 64 bits of one of many addresses.
"""

from __future__ import annotations

from forensics.evidence import Span
from forensics.parsers.configuration import parse_configuration
from forensics.redact.stale import blank
from forensics.redact.texts import Texts

_HEADER_BYTES = 9


def cleaned_configuration(data: bytes, texts: Texts) -> bytes:
    """An encoded configuration; what follows its last whole member is memory of the writer, and goes."""
    found = parse_configuration(data, Span("")).value
    if found is None:
        return data[:_HEADER_BYTES] + blank(data[_HEADER_BYTES:])
    new = bytearray(blank(data))
    new[:_HEADER_BYTES] = data[:_HEADER_BYTES]
    at = _HEADER_BYTES
    for _ in found.servers:
        end = data.index(b"\0", at + 8)
        address = data[at + 8 : end]
        texts.identity(address.rpartition(b":")[0] or address)
        new[at : end + 2] = data[at : at + 8] + texts.strict(address) + data[end : end + 2]
        at = end + 2
    return bytes(new)
