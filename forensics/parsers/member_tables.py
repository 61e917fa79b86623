"""Tables of members as LXD, Incus, MicroCloud and their kin print them, in any text.

`lxd sql global "SELECT * FROM nodes"`, `lxd sql local "SELECT * FROM raft_nodes"`, `lxc cluster list`, `microceph
cluster list`, `incus admin sql …`: cells between bars. Columns are found by their titles, in any order and case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from forensics.evidence import Blob, Span
from forensics.ingest.listing.text import text_lines
from forensics.limits import HOST_TEXT_BYTES_MAX, SERVERS_MAX
from forensics.masking.text import masked_name
from forensics.parsers.roles import Role

_URL = re.compile(r"https?://([^/\s]+)")
_YEAR_MIN = 1971  # LXD writes the year 1 or 1970 for never
_FRACTION = re.compile(r"\.(\d{1,6})\d*")


class Table(Enum):
    """Whose table it is."""

    RAFT = "raft_nodes"
    NODES = "nodes"
    LIST = "cluster list"


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member.

    Attributes:
        address: host and port.
        role: of a raft table; None where it has no such column.
        pending: added, and never seen to be ready.
        heartbeat: seconds since 1970 of the last one; None where never or not told.
        state: ONLINE, OFFLINE and the like, of a cluster list; else empty.
    """

    name: str
    address: str
    at: Span
    role: Role | None = None
    pending: bool = False
    heartbeat: float | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class MemberTable:
    """One printed table."""

    kind: Table
    rows: tuple[MemberRow, ...]
    at: Span


def read_member_tables(blob: Blob) -> list[MemberTable]:
    """All such tables of a text, in order."""
    if b"-+-" not in blob.read(0, min(blob.size, HOST_TEXT_BYTES_MAX)):
        return []
    return [table for lines in _blocks(blob) if (table := _table(lines))]


_BORDER = re.compile(r"\+[-=+]+\+")
_CELLS = re.compile(r"\|.*\|", re.DOTALL)


def _blocks(blob: Blob) -> Iterator[list[tuple[list[str], Span]]]:
    """Runs of lines of cells; a border between rows is passed over, two in a row end a table."""
    block: list[tuple[list[str], Span]] = []
    border = False
    for text, at in text_lines(blob, HOST_TEXT_BYTES_MAX):
        line, bordered = text.strip(), border
        border = _BORDER.fullmatch(line) is not None
        if _CELLS.fullmatch(line):
            block += [([cell.strip() for cell in line[1:-1].split("|")], at)] if len(block) < SERVERS_MAX else []
        elif block and (bordered or not border):
            yield block
            block = []
    if block:
        yield block


def _table(lines: list[tuple[list[str], Span]]) -> MemberTable | None:
    titles = [title.lower().replace(" ", "_") for title in lines[0][0]]
    kind = _kind(set(titles))
    if kind is None:
        return None
    rows = [(dict(zip(titles, cells, strict=True)), at) for cells, at in lines[1:] if len(cells) == len(titles)]
    members = tuple(_row(kind, cells, at) for cells, at in rows)
    return MemberTable(kind, members, lines[0][1]) if members else None


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
    role = cells.get("role", "")
    waits = cells.get("pending") == "1" or (kind is Table.NODES and (cells.get("state") == "1" or role == "PENDING"))
    return MemberRow(
        masked_name(cells.get("name", "")),
        masked_name(url[1] if url else cells.get("address", "")),
        at,
        Role.from_yaml(int(role)) if role in ("0", "1", "2") else Role.from_word(role),
        waits,
        _moment(cells.get("heartbeat", "")),
        masked_name(cells.get("state") or cells.get("status") or "") if kind is Table.LIST else "",
    )


def _moment(text: str) -> float | None:
    """`2019-10-14T21:24:31.061676485Z`; None for never."""
    try:
        moment = datetime.fromisoformat(_FRACTION.sub(r".\1", text.strip().replace(" ", "T", 1)))
    except ValueError:
        return None
    if moment.year < _YEAR_MIN:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
