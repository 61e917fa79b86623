"""Lists of members inside of a line: go-dqlite's `[{1 10.0.0.1:9000 voter} …]`, and those of hashicorp's raft.

Sources: canonical/go-dqlite client/store.go (NodeInfo printed by Go's %v); hashicorp/raft configuration.go (Server).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FORMS = (
    re.compile(r"\{(?P<id>[0-9a-f]{1,20}) (?P<address>[\w.\[\]:-]{1,260}:\d{1,5}) (?P<role>[\w-]+)\}"),
    re.compile(
        r"\{(?:Suffrage:)?(?P<role>\w+) (?:ID:)?(?P<id>\w{1,40}) (?:Address:)?(?P<address>[\w.\[\]:-]{1,260}:\d{1,5})\}"
    ),
)

LISTS_MEMBERS = re.compile(rb"\{(?:Suffrage:)?\w{1,40} (?:ID:)?[\w.\[\]:-]{1,260}")
"""Bytes that may begin such a list."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One member of such a list."""

    id: str
    address: str
    role: str


@dataclass(frozen=True, slots=True)
class ListedTwice:
    """One ID with two addresses in one list."""

    id: str
    first: str
    second: str


def listed_members(text: str) -> Iterator[Listed]:
    """The members that a line lists, in its order."""
    for form in _FORMS:
        for found in form.finditer(text):
            yield Listed(found["id"], found["address"], found["role"].lower())


def listed_twice(text: str) -> ListedTwice | None:
    """The first ID that two members of a line's list share."""
    seen: dict[str, str] = {}
    for member in listed_members(text):
        if seen.setdefault(member.id, member.address) != member.address:
            return ListedTwice(member.id, seen[member.id], member.address)
    return None
