"""Tables and lists of members, in any text.

`lxd sql global "SELECT * FROM nodes"`, `lxd sql local "SELECT * FROM raft_nodes"`, `lxc cluster list`, `microceph
cluster list`, `incus admin sql …`, and sqlite3 in each of its modes (printed_tables.py): columns are found by their
titles, in any order and case. And the lists inside of log lines (listed_members.py), and in JSON (json_members.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from itertools import islice

from forensics.evidence import Blob, Span
from forensics.limits import HOST_TEXT_BYTES_MAX, MEMBER_CHANGES_MAX, SERVERS_MAX
from forensics.masking.text import masked_name
from forensics.parsers.json_members import json_members
from forensics.parsers.listed_members import CHANGES_MEMBERS, LISTS_MEMBERS, Listed, listed_members, members_joined
from forensics.parsers.printed_tables import PrintedTable, printed_tables
from forensics.parsers.roles import Role

_URL = re.compile(r"https?://([^/\s]+)")
_YEAR_MIN = 1971  # LXD writes the year 1 or 1970 for never
_FRACTION = re.compile(r"\.(\d{1,6})\d*")


class Table(Enum):
    """Whose table it is."""

    RAFT = "raft_nodes"
    NODES = "nodes"
    LIST = "cluster list"
    SERVERS = "list of servers"  # in a log line
    CHANGES = "joins and removals"  # of single log lines: members that did not change are not in it


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member.

    Attributes:
        id: as printed; empty where it is not told.
        address: host and port.
        role: of a raft table; None where it has no such column, or the paste cut it off.
        pending: added, and never seen to be ready.
        heartbeat: seconds since 1970 of the last one; None where never or not told.
        state: ONLINE, OFFLINE and the like, of a cluster list; else empty.
        leads: the table names it as the leader.
    """

    name: str
    address: str
    at: Span
    role: Role | None = None
    pending: bool = False
    heartbeat: float | None = None
    state: str = ""
    id: str = ""
    leads: bool = False


@dataclass(frozen=True, slots=True)
class MemberTable:
    """One printed table."""

    kind: Table
    rows: tuple[MemberRow, ...]
    at: Span


def read_member_tables(blob: Blob) -> list[MemberTable]:
    """All such tables of a text, in order, and behind them the first and the last list of its lines."""
    tables = [table for found in printed_tables(blob) if (table := _table(found))]
    return [*tables, *_of_json(blob), *_changes(blob), *_lists(blob), *_of_status(blob)]


def _changes(blob: Blob) -> Iterator[MemberTable]:
    """What single lines about members come to; all rows have the address of these lines together."""
    content = blob.read(0, min(blob.size, HOST_TEXT_BYTES_MAX))
    places = [_line_around(content, found) for found in islice(CHANGES_MEMBERS.finditer(content), MEMBER_CHANGES_MAX)]
    members = members_joined(content[begin:end].decode("utf-8", "replace") for begin, end in places)
    if members:
        at = Span(blob.path, places[0][0], places[-1][1] - places[0][0])
        yield MemberTable(Table.CHANGES, tuple(_listed_row(member, at) for member in members), at)


def _line_around(content: bytes, found: re.Match[bytes]) -> tuple[int, int]:
    end = content.find(b"\n", found.start())
    return content.rfind(b"\n", 0, found.start()) + 1, end if end >= 0 else len(content)


def _of_json(blob: Blob) -> Iterator[MemberTable]:
    """What `--format json` prints, and programs log."""
    text = blob.read(0, min(blob.size, HOST_TEXT_BYTES_MAX)).decode("utf-8", "surrogateescape")
    for found in json_members(text):
        offset = len(text[: found.start].encode("utf-8", "surrogateescape"))
        length = len(text[found.start : found.end].encode("utf-8", "surrogateescape"))
        at = Span(blob.path, offset, length)
        kind = Table.LIST if any("state" in member for member in found.members) else Table.SERVERS
        yield MemberTable(kind, tuple(_row(kind, member, at) for member in found.members), at)


_STATUS = re.compile(rb"datastore (master|standby) nodes: *([^\n]{0,4000})")


def _of_status(blob: Blob) -> Iterator[MemberTable]:
    """The last `microk8s status` of a text: addresses by role."""
    content = blob.read(0, min(blob.size, HOST_TEXT_BYTES_MAX))
    last = {found[1]: found for found in _STATUS.finditer(content)}
    rows = tuple(
        MemberRow("", masked_name(address), Span(blob.path, found.start(), len(found[0])), role)
        for name, role in ((b"master", Role.VOTER), (b"standby", Role.STANDBY))
        if (found := last.get(name))
        for address in found[2].decode("utf-8", "replace").split()
        if ":" in address
    )
    if rows:
        yield MemberTable(Table.SERVERS, rows, rows[0].at)


def _lists(blob: Blob) -> Iterator[MemberTable]:
    """Logs repeat them: of all the first one, and the last one where it differs."""
    content = blob.read(0, min(blob.size, HOST_TEXT_BYTES_MAX))
    first = last = None
    for found in LISTS_MEMBERS.finditer(content):
        last = _line_around(content, found)
        first = first or last
    told: list[MemberTable] = []
    for begin, end in dict.fromkeys(filter(None, (first, last))):
        line, at = content[begin:end].decode("utf-8", "replace"), Span(blob.path, begin, end - begin)
        rows = tuple(_listed_row(member, at) for member in islice(listed_members(line), SERVERS_MAX))
        if rows and not (told and _said(told[0].rows) == _said(rows)):
            told.append(MemberTable(Table.SERVERS, rows, at))
    yield from told


def _said(rows: tuple[MemberRow, ...]) -> list[tuple[str, str, Role | None]]:
    return [(row.id, row.address, row.role) for row in rows]


def _listed_row(member: Listed, at: Span) -> MemberRow:
    return MemberRow("", masked_name(member.address), at, _role(member.role, None), id=masked_name(member.id))


def _table(printed: PrintedTable) -> MemberTable | None:
    kind = _kind(set(printed.titles))
    if kind is None:
        return None
    told = [(dict(zip(printed.titles, cells, strict=False)), at) for cells, at in printed.rows]
    members = tuple(_row(kind, cells, at) for cells, at in _joined(told))
    return MemberTable(kind, members, printed.at) if members else None


def _joined(rows: list[tuple[dict[str, str], Span]]) -> list[tuple[dict[str, str], Span]]:
    """LXD prints each role of a member in a line of its own: they are put behind the first."""
    joined: list[tuple[dict[str, str], Span]] = []
    for cells, at in rows:
        if joined and not cells.get("name") and not cells.get("url") and cells.get("roles") and "url" in cells:
            first = joined[-1][0]
            first["roles"] = f"{first.get('roles', '')} {cells['roles']}"
        else:
            joined.append((dict(cells), at))
    return joined


def _kind(titles: set[str]) -> Table | None:
    if "url" in titles and "name" in titles:
        return Table.LIST
    if "address" not in titles:
        return None
    if "name" in titles and titles & {"status", "state"} and "schema" not in titles:
        return Table.LIST
    if titles & {"schema", "schema_internal", "heartbeat"}:
        return Table.NODES
    return Table.RAFT if titles <= {"id", "dqlite_id", "address", "role", "name"} and len(titles) > 1 else None


def _row(kind: Table, cells: dict[str, str], at: Span) -> MemberRow:
    url = _URL.match(cells.get("url", ""))
    role, roles = cells.get("role", ""), cells.get("roles")
    waits = cells.get("pending") == "1" or (kind is Table.NODES and (cells.get("state") == "1" or role == "PENDING"))
    return MemberRow(
        masked_name(cells.get("name", "")),
        masked_name(url[1] if url else cells.get("address", "")),
        at,
        _role(role, roles),
        waits,
        _moment(cells.get("heartbeat", "")),
        masked_name(cells.get("state") or cells.get("status") or "") if kind is Table.LIST else "",
        masked_name(cells.get("id", "")),
        "leader" in f"{role} {roles or ''} {cells.get('state', '')}".lower() or cells.get("leads") == "True",
    )


def _role(role: str, roles: str | None) -> Role | None:
    """Of one role its number or word; of LXD's list what it has: `database`, `database-leader`, `database-standby`."""
    if role in ("0", "1", "2"):
        return Role.from_yaml(int(role))
    if role or roles is None:
        return Role.from_word(role)
    words = roles.replace(",", " ").lower().split()
    if {"database", "database-leader"} & set(words):
        return Role.VOTER
    return Role.STANDBY if "database-standby" in words else Role.from_word(roles) or Role.SPARE


def _moment(text: str) -> float | None:
    """`2019-10-14T21:24:31.061676485Z`; None for never."""
    try:
        moment = datetime.fromisoformat(_FRACTION.sub(r".\1", text.strip().replace(" ", "T", 1)))
    except ValueError:
        return None
    if moment.year < _YEAR_MIN:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
