"""A member as info.yaml and cluster.yaml have it, and a list of them."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.evidence import Span
from forensics.parsers.roles import Role


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """One `ID`, `Address`, `Role` mapping. None where a field is missing or not what it must be.

    Attributes:
        key_order: the keys as written: go-dqlite up to 1.11.7 wrote Address first, later ones ID first.
        id_no_number: something is written as its ID, and it is no number of 64 bits.
    """

    id: int | None
    address: str | None
    role: Role | None
    key_order: tuple[str, ...]
    at: Span
    id_no_number: bool = False


@dataclass(frozen=True, slots=True)
class MemberList:
    """cluster.yaml: the address book, in file order."""

    members: tuple[MemberRecord, ...]
    at: Span

    def by_id(self, server_id: int) -> MemberRecord | None:
        """The record with that id."""
        return next((member for member in self.members if member.id == server_id), None)
