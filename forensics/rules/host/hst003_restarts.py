"""HST003: a service restarts again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.machine import machine_key, nodes_on
from forensics.wording import Words

_MANY = 5
_UNITS = ("dqlite", "k8sd", "kubelite", "lxd", "incus", "microceph", "microovn", "microcloud", "juju")


@dataclass(frozen=True, slots=True)
class ManyRestarts:
    """A unit that systemd restarted often.

    Attributes:
        unit: its name.
        restarts: as systemd counted them.
    """

    kind: ClassVar[str] = "many-restarts"
    unit: str
    restarts: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.unit} was restarted {self.restarts} times")


@rule(
    "HST003",
    "service that restarts again and again",
    Severity.MEDIUM,
    fault=FaultKind.SERVICE,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("host/restarts", "host/restarts-in-journal"),
    silent_on=("host/healthy",),
)
def restarts(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    How often systemd restarted the units in which dqlite runs: by its counters where a collector kept them, else by the
    newest restart in the journal.
    ## Why it matters
    Each restart closes a segment, starts an election, and may change files. A counter that grows means a crash loop:
    every start can damage what is there.
    ## False alarm if
    The restarts are old: the counter begins at the last manual start of the unit. Upgrades do not count.
    ## What to do
    Stop the unit while you look. The journal says why it ends; copy the state directory before the next start.
    ## References
    docs/reference/collectors.md#k8s-inspect
    """
    if not any(host.restarts for host in case.hosts):
        yield NotChecked("restart counters are not in the upload", "missing-restart-counters")
    for host in case.hosts:
        for unit, (number, at) in sorted(host.restarts.items()):
            if number >= _MANY and any(word in unit for word in _UNITS):
                where = (machine_key(host), unit)
                yield Finding(ManyRestarts(unit, number), (at,), nodes=nodes_on(case, host), where=where)
