"""HST021: a service in which dqlite runs had failed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.ingest.products import UNITS
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.machine import machine_key, nodes_or_name
from forensics.wording import Words

_DOWN = {
    "failed": "had failed",
    "activating (auto-restart)": "had ended and was waiting for its next automatic restart",
}


@dataclass(frozen=True, slots=True)
class ServiceDown:
    """A unit that was not running.

    Attributes:
        unit: its name.
        state: in systemd's words: `failed`, `activating (auto-restart)`.
    """

    kind: ClassVar[str] = "service-down"
    unit: str
    state: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.unit} {_DOWN[self.state]} when the upload was collected")


@rule(
    "HST021",
    "service with dqlite had failed",
    Severity.MEDIUM,
    fault=FaultKind.SERVICE,
    scope=Case,
    effect=Effect.DEGRADED,
    consequence=True,
    fires_on=("host/service-failed",),
    silent_on=("host/healthy",),
)
def failed(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The state of the units in which dqlite runs, as systemd gave it at the time of collection: `failed`, or waiting for
    the next automatic restart.
    ## Why it matters
    The member was down when the upload was collected, and the others had to do without it. Its journal says why it
    ended, and the forecast says what its next start will do.
    ## False alarm if
    It was repaired since. A unit that somebody stopped is inactive, not failed, and is not reported.
    ## What to do
    Copy the state directory before the next start. Then read the last lines of the unit's journal.
    ## References
    docs/reference/collectors.md#k8s-inspect; docs/reference/collectors.md#microk8s-inspect
    """
    units = [unit for of_one in UNITS.values() for unit in of_one]
    seen = False
    for host in case.hosts:
        for unit, (state, at) in sorted(host.services.items()):
            if not any(re.fullmatch(wanted.replace("*", r"\d+"), unit) for wanted in units):
                continue
            seen = True
            if state in _DOWN:
                where = (machine_key(host), unit)
                yield Finding(ServiceDown(unit, state), (at,), nodes=nodes_or_name(case, host), where=where)
    if not seen:
        yield NotChecked("the state of services is not in the upload", "missing-service-states")
