"""Who the members are: configurations over time, and every source's word side by side."""

from __future__ import annotations

from forensics.parsers.roles import Role
from forensics.report.document.finding import Span
from forensics.report.document.part import Count, Part


class Server(Part):
    """A member of a raft configuration, or a record of info.yaml or cluster.yaml.

    Attributes:
        id: 64 bits, as text.
        address: host and port.
        role: null where the number on disk is no known role.
    """

    id: str | None
    address: str | None
    role: Role | None


class Configuration(Part):
    """A configuration.

    Attributes:
        index: of the entry that made it.
        servers: its members, in the order on disk.
    """

    index: Count
    servers: tuple[Server, ...]


class MembershipChange(Part):
    """One configuration of the log, or of a snapshot.

    Attributes:
        index: of its entry.
        term: of its entry.
        change: what it changes, in words.
        forced: why raft cannot have written it; null where it can.
        nodes: that hold it.
        servers: the members after it.
    """

    index: Count
    term: Count | None
    change: str | None
    forced: str | None = None
    nodes: tuple[str, ...] = ()
    servers: tuple[Server, ...]


class Claim(Part):
    """What one source says of one member; null where it does not say.

    Attributes:
        id: the member's ID.
        address: its address.
        role: its role.
        name: its name.
    """

    id: str | None = None
    address: str | None = None
    role: str | None = None
    name: str | None = None


class MemberSource(Part):
    """One column of the matrix.

    Attributes:
        kind: `configuration`, `info.yaml`, `cluster.yaml`, `snapshot`, `daemon.yaml`, `truststore`, `certificate`,
            `core_cluster_members` and more to come.
        title: for people.
        nodes: whose evidence says so.
        index: of the entry behind it, where there is one.
        at: where it was read.
    """

    kind: str
    title: str
    nodes: tuple[str, ...]
    index: Count | None
    at: tuple[Span, ...]


class MemberRow(Part):
    """One row of the matrix: a member.

    Attributes:
        id: as the first source with one gives it.
        address: likewise.
        node: its name, where its directory is at hand.
        cells: what each source says of it; null where a source does not name it.
    """

    id: str | None
    address: str | None
    node: str | None
    cells: tuple[Claim | None, ...]


class MemberMatrix(Part):
    """The members as every source tells them: `members[i].cells[j]` is what `sources[j]` says of member i.

    Attributes:
        sources: the columns.
        members: the rows.
    """

    sources: tuple[MemberSource, ...]
    members: tuple[MemberRow, ...]
