"""Error texts of dqlite, raft, go-dqlite and the products on top, by what they say.

Sources: canonical/dqlite src/raft/uv*.c, src/server.c; canonical/go-dqlite app, client, driver; canonical/k8s-dqlite
pkg/server; canonical/microcluster internal/{daemon,trust,db}; canonical/lxd lxd/cluster, lxd/db and lxc/incus
internal/server; k3s-io/k3s pkg/dqlite; juju/juju internal/worker/dbaccessor; FACTS 1.3, 2.2 to 2.6, 6.3.
What each means and what to do about it is said by the rule that takes it (forensics/rules/journal/). One file a kind
of trouble.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from forensics.parsers.messages import (
    access,
    availability,
    harmless,
    identity,
    kubernetes,
    leadership,
    machine,
    products,
    raft,
    roles,
)
from forensics.parsers.messages.message import Message

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

# Order counts: a line is taken by the first that matches.
MESSAGES: tuple[Message, ...] = tuple(
    message
    for kind in (harmless, access, raft, machine, kubernetes, roles, identity, leadership, products, availability)
    for message in kind.MESSAGES
)


@cache
def needles() -> tuple[bytes, ...]:
    """All needles, once each."""
    return tuple(sorted(_places()))


@cache
def _places() -> dict[bytes, tuple[int, ...]]:
    """Each needle, with the places in MESSAGES that it leads to."""
    found: dict[bytes, tuple[int, ...]] = {}
    for place, message in enumerate(MESSAGES):
        for needle in message.needles:
            found[needle] = (*found.get(needle, ()), place)
    return found


def occurrences(text: bytes) -> Iterator[tuple[bytes, int]]:
    """Every needle in a text, and where it begins; in the order of their ends."""
    wanted = needles()
    for number, at, _ in _automaton().find_matches_as_indexes(text, overlapping=True):
        yield wanted[number], at


def held(raw: bytes) -> list[bytes]:
    """The needles that a line holds."""
    return list(dict.fromkeys(needle for needle, _ in occurrences(raw)))


@cache
def _automaton() -> BytesAhoCorasick:
    import ahocorasick_rs  # noqa: PLC0415 - most runs read no journal

    return ahocorasick_rs.BytesAhoCorasick(needles(), implementation=ahocorasick_rs.Implementation.DFA)


def match(text: str, holds: Iterable[bytes]) -> tuple[str, dict[str, str]] | None:
    """Code of the first message that a line is, with its named groups.

    Args:
        text: the line, decoded, without colours.
        holds: the needles that it holds.
    """
    places = _places()
    for place in sorted({place for needle in holds for place in places[needle]}):
        message = MESSAGES[place]
        if hit := message.pattern.search(text):
            if message.code == "harmless":
                return None
            return message.code, {name: value for name, value in hit.groupdict().items() if value is not None}
    return None
