"""The known messages of dqlite, raft, go-dqlite and the products on top: what a log line is, by its text.

A message has a code (`disk-full`), the kind of the finding that it leads to. What it means and what to do about it is
said by the rule that takes the code (forensics/rules/journal/). One module for each part of the system that speaks.

To add one: a `message(code, pattern, needle, …)` in the module that fits; its text in tests/parsers/messages.txt; and
the code in a rule, with the clause that is said of it.

Sources: canonical/dqlite src/raft/uv*.c, src/server.c; canonical/go-dqlite app, client, driver; canonical/k8s-dqlite
pkg/server; canonical/microcluster internal/{daemon,trust,db}; canonical/lxd lxd/cluster, lxd/db; lxc/incus
internal/server; k3s-io/k3s pkg/dqlite; juju/juju internal/worker/dbaccessor; docs/reference/start.md#order-of-events.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from forensics.parsers.messages import (
    certificates,
    database_content,
    go_dqlite,
    good,
    harmless,
    identity,
    kubernetes,
    leader,
    machine,
    membership,
    notes,
    own_start,
    products,
    queries,
    raft_start,
    start,
    system_errors,
    versions,
)
from forensics.parsers.messages.message import Message

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

# Order counts: a line is the first message that fits. So what is said at the outside of a chain of errors comes late,
# unless it is the outside that tells (go_dqlite).
_MODULES = (
    harmless,
    system_errors,
    raft_start,
    machine,
    database_content,
    kubernetes,
    go_dqlite,
    identity,
    membership,
    certificates,
    leader,
    versions,
    products,
    start,
    queries,
    notes,
    good,
    own_start,
)
MESSAGES: tuple[Message, ...] = tuple(message for module in _MODULES for message in module.MESSAGES)


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


HARMLESS = "harmless"
"""The code of everyday lines that only look like trouble."""


def match(text: str, holds: Iterable[bytes]) -> tuple[str, dict[str, str | int]] | None:
    """Code of the first message that a line is, HARMLESS included, and what the line names; None where it is none.

    Args:
        text: the line, decoded, without colours.
        holds: the needles that it holds.
    """
    places = _places()
    for place in sorted({place for needle in holds for place in places[needle]}):
        named = MESSAGES[place].named(text)
        if named is not None:
            return MESSAGES[place].code, named
    return None
