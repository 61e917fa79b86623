"""Which product a machine runs, where logs or snaps tell: its commands are then known without a directory."""

from __future__ import annotations

from collections.abc import Mapping

from forensics.facts.cluster.cluster import Case
from forensics.facts.machine.host import Host
from forensics.ingest.products import UNITS
from forensics.plan.steps.product_commands import PRODUCT_COMMANDS

ANY = ""
"""The name under which the product of all machines stands, where they have one in common."""


def machine_databases(case: Case) -> Mapping[str, str]:
    """By a machine's name, and by ANY: the database that its dqlite is of; left out where several could be meant."""
    told = [(host.name, _of_units(host) or _of_snaps(host)) for host in case.hosts]
    found = {name: _one(databases) for name, databases in told if name}
    found[ANY] = _one({one for _, databases in told for one in databases})
    return {name: database for name, database in found.items() if database}


def _one(databases: set[str]) -> str:
    """The only one; of a snap with two databases the larger."""
    if databases == {"k8s-dqlite", "k8sd"}:
        return "k8s-dqlite"
    return next(iter(databases)) if len(databases) == 1 else ""


def _of_units(host: Host) -> set[str]:
    units = {_bare(line.unit or journal.unit) for journal in host.journals for line in journal.lines}
    return {database for database, known in UNITS.items() if units & {_bare(unit) for unit in known}}


def _bare(unit: str) -> str:
    """`snap.k8s.k8sd.service` → `k8s.k8sd`, as syslog writes it, too."""
    return unit.removesuffix(".service").removeprefix("snap.")


def _of_snaps(host: Host) -> set[str]:
    return {name for name, one in PRODUCT_COMMANDS.items() if one.snap and one.snap in host.snaps}
