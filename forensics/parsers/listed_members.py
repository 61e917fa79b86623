"""Members inside of lines: lists of go-dqlite and of hashicorp's raft, and single joins, changes of roles, removals.

Sources: canonical/go-dqlite client/store.go (NodeInfo printed by Go's `%v`, `%+v` and `%#v`), app/app.go; canonical/lxd
lxd/cluster/membership.go (`Joining dqlite raft cluster`, with fields); hashicorp/raft configuration.go (Server).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_FORMS = (
    re.compile(r"\{(?P<id>[0-9a-f]{1,20}) (?P<address>[\w.\[\]:-]{1,260}:\d{1,5}) (?P<role>[\w-]+)\}"),
    re.compile(
        r"\{ID:(?P<id>(?:0x)?[0-9a-f]{1,20}),? Address:\"?(?P<address>[\w.\[\]:-]{1,260}:\d{1,5})\"?"
        r"(?:,? Role:(?P<role>[\w-]{1,20}))?[^{}]{0,200}\}"
    ),
    re.compile(
        r"\{(?:Suffrage:)?(?P<role>\w+) (?:ID:)?(?P<id>\w{1,40}) (?:Address:)?(?P<address>[\w.\[\]:-]{1,260}:\d{1,5})\}"
    ),
)

LISTS_MEMBERS = re.compile(rb"\{(?:Suffrage:)?(?:ID:)?\w{1,40},? (?:ID:|Address:\"?)?[\w.\[\]:-]{1,260}")
"""Bytes that may begin such a list."""


_ONE = {
    name: re.compile(rf"(?<![\w-]){name}=\"?(?P<told>{form})")
    for name, form in {"id": r"\d{1,20}\b", "address": r"[\w.\[\]:-]{1,260}:\d{1,5}\b", "role": r"[\w-]{1,20}"}.items()
}
_JOINS = re.compile(r"(?i)\b(?:join|add)\w*\b.{0,40}\b(?:dqlite|raft)|\braft role\b")
_REMOVES = re.compile(r"(?i)\bremov\w*\b.{0,40}\b(?:dqlite|raft)")
CHANGES_MEMBERS = re.compile(rb"\b(?:[Jj]oin|[Aa]dd|[Rr]emov|[Cc]hang)\w{0,8} [^\n]{0,40}\b(?:dqlite|raft)")
"""Bytes of a line that may tell of one."""


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
            number = found["id"]
            told = str(int(number, 16)) if number.startswith("0x") else number
            yield Listed(told, found["address"], (found["role"] or "").lower())


def listed_twice(text: str) -> ListedTwice | None:
    """The first ID that two members of a line's list share."""
    seen: dict[str, str] = {}
    for member in listed_members(text):
        if seen.setdefault(member.id, member.address) != member.address:
            return ListedTwice(member.id, seen[member.id], member.address)
    return None


def members_joined(lines: Iterable[str]) -> list[Listed]:
    """Who is there after the joins, changes of roles and removals that lines tell one by one.

    One ID that joined with two addresses is there twice. Members that did not change are not among them.
    """
    there: dict[tuple[str, str], Listed] = {}
    for line in lines:
        told = {name: found["told"] for name, pattern in _ONE.items() if (found := pattern.search(line))}
        if "id" not in told or "address" not in told:
            continue
        if _REMOVES.search(line):
            there = {key: member for key, member in there.items() if member.id != told["id"]}
        elif _JOINS.search(line):
            there[told["id"], told["address"]] = Listed(told["id"], told["address"], told.get("role", "").lower())
    return list(there.values())
