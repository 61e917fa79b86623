"""MBR033: members wait for an upgrade, by a pasted table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.member_tables import MemberTable
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.wording import Words, listed, sentences

_WAITING = ("BLOCKED", "UPGRADING", "NEEDS UPGRADE")


@dataclass(frozen=True, slots=True)
class UpgradeAwaited:
    """A table whose states tell of versions that differ.

    Attributes:
        waiting: the members that are blocked or not upgraded, by name or else by address.
        states: theirs, as the table has them, each once.
        members: how many the table has.
    """

    kind: ClassVar[str] = "upgrade-awaited"
    waiting: tuple[str, ...]
    states: tuple[str, ...]
    members: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"members run different versions: by the table, {listed(self.waiting)} "
            f"{'is' if len(self.waiting) == 1 else 'are'} {listed(self.states)}",
            sentences("A member whose version is behind or ahead serves nothing before all have the same version."),
        )


@rule(
    "MBR033",
    "members wait for an upgrade, by a pasted table",
    Severity.MEDIUM,
    fault=FaultKind.VERSION,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("member/tables-upgrade",),
    silent_on=("member/tables-agree",),
)
def pasted_upgrade(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Whether a pasted list of members has states that tell of different versions: `BLOCKED` of LXD and Incus,
    `UPGRADING` and `NEEDS UPGRADE` of microcluster's products.
    ## Why it matters
    A daemon does not go on before all members that the database knows have the same schema and API. One member that
    was not upgraded, or that is gone and was not removed, blocks all.
    ## False alarm if
    A rolling upgrade was under way, and ended.
    ## What to do
    Compare the versions of all members. Upgrade the one that is behind, or remove the member that is gone.
    ## References
    canonical/lxd lxd/cluster/membership.go; docs/reference/products.md#lxd
    """
    tables = [(host.name or "", table) for host in case.hosts for table in host.member_tables]
    for host, table in tables:
        waiting = tuple(row for row in table.rows if row.state.upper() in _WAITING)
        if waiting:
            yield Finding(_problem(table), tuple(row.at for row in waiting), where=(host, str(table.at.offset)))
    if not tables:
        yield NotChecked("there is no pasted table of members", "no-pasted-tables")


def _problem(table: MemberTable) -> UpgradeAwaited:
    waiting = [row for row in table.rows if row.state.upper() in _WAITING]
    return UpgradeAwaited(
        tuple(row.name or row.address for row in waiting),
        tuple(dict.fromkeys(row.state for row in waiting)),
        sum(bool(row.name or row.address) for row in table.rows),
    )
