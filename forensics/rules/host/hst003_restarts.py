"""HST003: a service restarts again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Case
from forensics.facts.machine.host import Host
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.machine import machine_key, nodes_on
from forensics.wording import Words, duration

_MANY = 5
_UNITS = (
    *("dqlite", "cowsql", "kine", "k8sd", "kubelite", "lxd", "incus", "microceph", "microovn", "microcloud"),
    *("microk8s", "juju", "k3s"),
)
# They hand requests on, or install the snap: a socket starts them, and they end when nobody asks. Sources:
# canonical/lxd lxd-user/main_daemon.go; lxc/incus cmd/incus-user/main_daemon.go.
_ON_DEMAND = ("lxd.user-daemon", "lxd-user", "incus-user", "lxd-installer")


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


@dataclass(frozen=True, slots=True)
class CrashLoop:
    """A unit that a log shows to start again at regular intervals.

    Attributes:
        unit: its name.
        starts: how many the log has.
        shortest, usual: seconds between two starts.
        over: the unit logged on, long after the last one.
    """

    kind: ClassVar[str] = "crash-loop"
    unit: str
    starts: int
    shortest: float
    usual: float
    over: bool

    def words(self, severity: Severity) -> Words:
        """See Problem."""
        details = [f"The shortest time between two starts was {duration(self.shortest)}."]
        if self.over:
            details.append("Long after the last start it still logged: it no longer restarts.")
        return Words(
            f"{self.unit} {'was' if self.over else 'is'} in a crash loop: {self.starts} starts, one each "
            f"{duration(self.usual)}",
            tuple(details),
            "" if severity is Severity.INFO else None,
        )


@rule(
    "HST003",
    "service that restarts again and again",
    Severity.MEDIUM,
    fault=FaultKind.SERVICE,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("host/restarts", "host/restarts-in-journal", "host/crash-loop", "host/crash-loop-own-words"),
    silent_on=("host/healthy", "host/started-on-demand"),
)
def restarts(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    How often systemd restarted the units in which dqlite runs: by its counters where a collector kept them, else by the
    newest restart in the journal. Where the log has the starts themselves (`Started k8s.k8s-dqlite.service`, or the
    first line of the program itself, as `LXD 5.0.2 is starting`), how far apart they are: five or more, most of them
    about equally far apart, and not more than 15 minutes, are a crash loop.
    It is told as `info` where the unit logged on long after the last start. What hands requests on and ends when nobody
    asks (`lxd.user-daemon`) holds no database, and is left out.
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
    if not any(host.restarts or host.starts for host in case.hosts):
        yield NotChecked("restart counters are not in the upload", "missing-restart-counters")
    for host in case.hosts:
        loops = {unit: starts for unit, starts in sorted(host.starts.items()) if starts.regular and _is_ours(unit)}
        for unit, starts in loops.items():
            problem = CrashLoop(unit, starts.starts, starts.shortest, starts.usual, starts.over)
            yield _finding(case, host, problem, starts.at, Severity.INFO if starts.over else None)
        for unit, (number, at) in sorted(host.restarts.items()):
            if number >= _MANY and _is_ours(unit) and unit not in loops:
                yield _finding(case, host, ManyRestarts(unit, number), at, None)


def _is_ours(unit: str) -> bool:
    return any(word in unit.lower() for word in _UNITS) and not unit.startswith(_ON_DEMAND)


def _finding(case: Case, host: Host, problem: ManyRestarts | CrashLoop, at: Span, severity: Severity | None) -> Finding:
    where = (machine_key(host), problem.unit)
    effect = Effect.NONE if severity is Severity.INFO else None
    return Finding(problem, (at,), severity=severity, nodes=nodes_on(case, host), effect=effect, where=where)
