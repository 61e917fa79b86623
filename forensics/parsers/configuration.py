"""Raft configurations: who is in the cluster, at which address, in which role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.evidence import Anomaly, Parsed, Span
from forensics.layouts.configuration import CONFIGURATION_HEADER
from forensics.limits import SERVERS_MAX
from forensics.masking.text import told_number
from forensics.parsers.roles import Role

_HEADER_BYTES = CONFIGURATION_HEADER.sizeof()
_SERVER_BYTES_MIN = 8 + 1 + 1  # id, the NUL of an empty address, role


@dataclass(frozen=True, slots=True)
class Server:
    """One member: 64-bit id, host:port, role (None where the code on disk is unknown)."""

    id: int
    address: str
    role: Role | None


@dataclass(frozen=True, slots=True)
class Configuration:
    """The members in the order on disk, and where they were read; `used` of those bytes mean something."""

    servers: tuple[Server, ...]
    at: Span
    used: int = 0

    def voters(self) -> tuple[Server, ...]:
        """The members that count for a majority."""
        return tuple(server for server in self.servers if server.role is Role.VOTER)

    def by_id(self, server_id: int) -> Server | None:
        """The member with that id."""
        return next((server for server in self.servers if server.id == server_id), None)


def parse_configuration(data: bytes, at: Span) -> Parsed[Configuration]:
    """Read an encoded configuration. Stops at the first server that does not fit; keeps those before it.

    Bytes after the last server are uninitialised memory (docs/reference/configurations.md#encoding) and are ignored, as
    libraft does.
    """
    if len(data) < _HEADER_BYTES:
        return Parsed(None, (Anomaly("configuration-short", at, f"{len(data)} bytes, less than a header"),))
    header = CONFIGURATION_HEADER.parse(data[:_HEADER_BYTES])
    if header.format != 1:
        return Parsed(None, (Anomaly("configuration-format", at, f"format {told_number(header.format)}"),))
    if header.count > min(SERVERS_MAX, (len(data) - _HEADER_BYTES) // _SERVER_BYTES_MIN):
        claim = f"claims {header.count} servers in {len(data)} bytes"
        return Parsed(None, (Anomaly("configuration-count", at, claim),))
    servers: list[Server] = []
    anomalies: list[Anomaly] = []
    position = _HEADER_BYTES
    for number in range(header.count):
        end = data.find(b"\0", position + 8)
        if end < 0 or end + 2 > len(data):
            anomalies.append(Anomaly("configuration-short", at, f"server {number + 1} of {header.count} is cut"))
            break
        role = Role.from_disk(data[end + 1])
        servers.append(
            Server(
                int.from_bytes(data[position : position + 8], "little"),
                data[position + 8 : end].decode("utf-8", "replace"),
                role,
            )
        )
        if role is None:
            anomalies.append(Anomaly("configuration-role", at, f"server {number + 1} has role code {data[end + 1]}"))
        position = end + 2
    anomalies += _contradictions(servers, at)
    return Parsed(Configuration(tuple(servers), at, position), tuple(anomalies))


def _contradictions(servers: list[Server], at: Span) -> Iterator[Anomaly]:
    """What libraft's decoder refuses: id 0, and an id or an address that stands twice."""
    ids: set[int] = set()
    addresses: set[str] = set()
    for server in servers:
        if server.id == 0:
            yield Anomaly("configuration-id", at, f"server {server.address} has id 0")
        if server.id in ids:
            yield Anomaly("configuration-duplicate", at, f"id {server.id} stands twice")
        if server.address in addresses:
            yield Anomaly("configuration-duplicate", at, f"address {server.address} stands twice")
        ids.add(server.id)
        addresses.add(server.address)
