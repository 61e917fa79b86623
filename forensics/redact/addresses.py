"""Pseudonyms of IP addresses: of the same kind, as long, in the same order, and in one network where they were in one.

Loopback, the unspecified address and netmasks stay: they are no one's. Private addresses stay private.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_network
from itertools import groupby

from forensics.redact.keyed import Key, increasing
from forensics.redact.names import HEXADECIMAL, Names

_OCTETS = sorted(map(str, range(256)))  # as texts, by which indexes are sorted
_RANKS = {octet: rank for rank, octet in enumerate(_OCTETS)}
_TRIES_MAX = 8
_PINNED_FIRST = frozenset({"0", "10", "100", "127", "169", "172", "192", "198", "203", "255"})  # each tells a kind
_PINNED_SECOND = {("192", "168"), ("169", "254"), ("198", "18"), ("198", "19")}
_PRIVATE_172 = tuple(map(str, range(16, 32)))
_PUBLIC = tuple(str(number) for number in range(1, 224) if str(number) not in _PINNED_FIRST)
_DOCUMENTED = tuple(map(ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))

_SIGN, _PAIR = re.compile(rb"[:.-]"), re.compile(rb"[0-9A-Fa-f]{2}")  # of the address of a card

Octets = tuple[str, ...]


class Addresses:
    """Collects IP addresses, then gives each its pseudonym."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._known: dict[Octets, bool] = {}  # and whether it stays
        self._pseudonyms: dict[Octets, Octets] | None = None
        self._hextets = Names(key, b"hextets", HEXADECIMAL)

    def v4(self, text: bytes) -> bytes | None:
        """The pseudonym of a dotted address; before `settle` the address; None where it is none."""
        written = text.decode("ascii").split(".")
        octets = tuple(octet.lstrip("0") or "0" for octet in written)
        try:
            address = IPv4Address(".".join(octets))
        except AddressValueError:
            return None
        if self._pseudonyms is None:
            self._known[octets] = _is_nobodys(address)
            return text
        new = self._pseudonyms.get(octets) or octets
        return ".".join(one.zfill(len(old)) for one, old in zip(new, written, strict=True)).encode()

    def dashed(self, text: bytes) -> bytes | None:
        """As v4, of one in a name: `10-0-0-1`, `10_0_0_1`."""
        sign = b"-" if b"-" in text else b"_"
        new = self.v4(text.replace(sign, b"."))
        return new and new.replace(b".", sign)

    def mac(self, text: bytes) -> bytes:
        """Of a network card, `52:54:00:12:34:56` or with other signs. Zeros and the one of all cards stay."""
        if _SIGN.sub(b"", text.lower()) in (b"0" * 12, b"f" * 12):
            return text
        return _PAIR.sub(lambda pair: self._hextets.of(pair[0]), text)

    def v6(self, text: bytes) -> bytes | None:
        """As v4. The first part, which tells the kind, stays."""
        try:
            address = IPv6Address(text.decode("ascii"))
        except AddressValueError:
            return None
        if address.is_loopback or address.is_unspecified or b"." in text:
            return text
        first, *rest = text.split(b":")
        return b":".join((first, *(part and self._hextets.of(part) for part in rest)))

    def settle(self) -> None:
        """All addresses are known: choose."""
        self._hextets.settle()
        known = sorted(self._known, key=lambda octets: [_RANKS[octet] for octet in octets])
        tries = (dict(self._choose(known, bytes([number]))) for number in range(_TRIES_MAX))
        told = ((sum(self._tells(*pair) for pair in one.items()), number, one) for number, one in enumerate(tries))
        self._pseudonyms = min(told, key=lambda one: one[:2])[2]

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Each IPv4 address that was replaced, and its pseudonym."""
        for old, new in (self._pseudonyms or {}).items():
            if old != new:
                yield ".".join(old), ".".join(new)

    def stayed(self) -> Iterator[str]:
        """Each IPv4 address of somebody's that is the same in the copy."""
        for old, new in (self._pseudonyms or {}).items():
            if old == new and not self._known[old]:
                yield ".".join(old)

    def _tells(self, old: Octets, new: Octets) -> bool:
        """An address of the input would stand in the copy: this one, or another."""
        return new in self._known and not self._known[old]

    def _choose(self, known: Sequence[Octets], turn: bytes) -> Iterator[tuple[Octets, Octets]]:
        waiting: list[tuple[Sequence[Octets], Octets]] = [(known, ())] if known else []
        while waiting:
            group, prefix = waiting.pop()
            at = len(prefix)
            if at == 4:
                yield group[0], prefix
                continue
            waiting += self._next(group, prefix, turn)

    def _next(self, group: Sequence[Octets], prefix: Octets, turn: bytes) -> list[tuple[Sequence[Octets], Octets]]:
        at = len(prefix)
        before = group[0][:at]
        about = ".".join(before).encode()
        below = {octet: list(them) for octet, them in groupby(group, lambda octets: octets[at])}
        fixed = {octet for octet, them in below.items() if any(map(self._known.__getitem__, them))}
        choices = [
            [_RANKS[one] for one in ((octet,) if octet in fixed else _like((*before, octet)))] for octet in below
        ]
        new = increasing(choices, lambda n, room: self._key.below(room, b"address", turn, about, bytes([n])))
        return [(them, (*prefix, _OCTETS[rank])) for them, rank in zip(below.values(), new, strict=True)]


def _is_nobodys(address: IPv4Address) -> bool:
    return (
        address.is_loopback
        or address.is_unspecified
        or str(address).startswith("255.")
        or any(address in network for network in _DOCUMENTED)
    )


def _like(octets: Octets) -> Sequence[str]:
    """What may stand for the last of these octets: of the same length, sorted as texts."""
    *before, last = octets
    if not before:
        allowed: Sequence[str] = (last,) if last in _PINNED_FIRST or int(last) > 223 else _PUBLIC
    elif len(before) == 1 and (before[0], last) in _PINNED_SECOND:
        allowed = (last,)
    elif before == ["172"] and last in _PRIVATE_172:
        allowed = _PRIVATE_172
    elif len(before) == 3 and last in ("0", "255"):
        allowed = (last,)  # a network's own address, and its broadcast
    else:
        allowed = _OCTETS
    return sorted(one for one in allowed if len(one) == len(last))
