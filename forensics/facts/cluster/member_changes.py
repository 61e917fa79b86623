"""How one configuration differs from the one before it, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from forensics.parsers.configuration import Configuration, Server
from forensics.parsers.roles import Role


class Told(Enum):
    """What a configuration is compared with."""

    BOOTSTRAP = "bootstrap"  # nothing: it is the first of the cluster
    OLDEST_HELD = "oldest-held"  # nothing: the evidence holds no older one
    COMPARED = "compared"


class Step(Enum):
    """What became of one server."""

    JOINS = "joins"
    REMOVED = "removed"
    MOVES = "moves"
    TURNS = "turns"


@dataclass(frozen=True, slots=True)
class ServerChange:
    """One server's part of a change.

    Attributes:
        address: of the server; of MOVES, the old one.
        to_address: of MOVES, the new one; else None.
        role_before: of TURNS, the old role; None where it is unknown, and for other steps.
        role: of JOINS and TURNS, the role from now on; None where it is unknown.
    """

    step: Step
    address: str
    to_address: str | None = None
    role_before: Role | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class MembersChange:
    """What a configuration changes; no `servers` where it names the same members again, or `told` is OLDEST_HELD."""

    told: Told
    servers: tuple[ServerChange, ...] = ()


def members_change(before: Configuration | None, after: Configuration, *, first: bool = False) -> MembersChange:
    """What changed, server by server; those that a bootstrap begins with are told as joins."""
    if first:
        joins = (ServerChange(Step.JOINS, server.address, role=server.role) for server in after.servers)
        return MembersChange(Told.BOOTSTRAP, tuple(joins))
    if before is None:
        return MembersChange(Told.OLDEST_HELD)
    old, new = _by_id(before), _by_id(after)
    changes = [ServerChange(Step.JOINS, new[key].address, role=new[key].role) for key in new.keys() - old.keys()]
    changes += [ServerChange(Step.REMOVED, old[key].address) for key in old.keys() - new.keys()]
    for key in old.keys() & new.keys():
        if old[key].address != new[key].address:
            changes.append(ServerChange(Step.MOVES, old[key].address, new[key].address))
        if old[key].role != new[key].role:
            changes.append(ServerChange(Step.TURNS, new[key].address, None, old[key].role, new[key].role))
    return MembersChange(Told.COMPARED, tuple(sorted(changes, key=lambda change: (change.address, change.step.value))))


def _by_id(configuration: Configuration) -> dict[int, Server]:
    return {server.id: server for server in configuration.servers}
