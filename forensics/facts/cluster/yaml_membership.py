"""The membership as YAML files alone tell it: the newest cluster.yaml of a database's nodes."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node
from forensics.parsers.member_record import MemberRecord
from forensics.parsers.roles import Role

_Shape = frozenset[tuple[int | None, str | None, object]]


@dataclass(frozen=True, slots=True)
class Book:
    """One cluster.yaml.

    Attributes:
        cut: only the beginning of the file arrived: more members may follow.
        known: it holds real members, not the seed list of a first start (all ids 0).
    """

    node: str
    members: tuple[MemberRecord, ...]
    at: Span
    cut: bool = False

    @property
    def known(self) -> bool:
        """See above."""
        return any(member.id for member in self.members)


def book_of(cluster: Cluster) -> Book | None:
    """The one that most nodes agree with; then the newest by file time; then the one whose roles are settled most."""
    books = [(node, book) for node in cluster.nodes if (book := _book(node)) is not None]
    if not books:
        return None
    shapes = [_shape(book) for _, book in books]
    agreeing = Counter(shapes)

    def order(entry: tuple[tuple[Node, Book], _Shape]) -> tuple[bool, int, float, int]:
        (node, book), shape = entry
        file = node.state.files.get("cluster.yaml")
        time = file.mtime if file and file.mtime and file.mtime_year else 0.0
        settled = sum(member.role is not Role.SPARE for member in book.members)
        return book.known, agreeing[shape], time, settled

    return max(zip(books, shapes, strict=True), key=order)[0][1]


def named_only(cluster: Cluster) -> tuple[MemberRecord, ...]:
    """Members that cluster.yaml names and no directory in the input is, where no raft configuration tells them."""
    book = book_of(cluster) if cluster.configuration is None else None
    if book is None or not book.known or book.cut:
        return ()
    ids = {node.id for node in cluster.nodes}
    addresses = {node.address for node in cluster.nodes}
    if None in ids:
        return ()  # a directory that does not say whose it is may be any of them
    return tuple(member for member in book.members if member.id not in ids and member.address not in addresses)


def host_part(address: str | None) -> str | None:
    """The host of `host:port` or `[v6]:port`."""
    if not address:
        return None
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdigit() or (host.count(":") > 1 and not host.startswith("[")):
        host = address
    return host.strip("[]") or None


def is_ip(host: str) -> bool:
    """An IPv4 or IPv6 address, not a name."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def is_masked(host: str) -> bool:
    """Made unreadable by whoever pasted it: `X.X.X.20`, `10.x.x.x`, `xxx`, `<IP 4>`."""
    return re.fullmatch(r"<.*>|(?=.*[xX*])[\dxX*]+(?:\.[\dxX*]+){0,3}", host) is not None


def networks(members: Iterable[MemberRecord]) -> frozenset[str]:
    """The /24 (or /64) that each member's address lies in; names are left out."""
    found = set()
    for member in members:
        host = host_part(member.address)
        if host and is_ip(host):
            address = ipaddress.ip_address(host.partition("%")[0])
            found.add(str(ipaddress.ip_network(f"{address}/{24 if address.version == 4 else 64}", strict=False)))
    return frozenset(found)


def _book(node: Node) -> Book | None:
    value = node.cluster.value if node.cluster else None
    file = node.state.files.get("cluster.yaml")
    cut = file is not None and file.cut
    return Book(node.name, value.members, value.at, cut) if value and value.members else None


def _shape(book: Book) -> _Shape:
    return frozenset((member.id, member.address, member.role) for member in book.members)
