"""HST020: the machine's clock is not synchronised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.machine import machine_key, nodes_on
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class ClockNotSynchronised:
    """systemd says that no time service keeps the clock right."""

    kind: ClassVar[str] = "clock-not-synchronised"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words("the clock of the machine is not synchronised, by timedatectl")


@rule(
    "HST020",
    "clock of the machine is not synchronised",
    Severity.LOW,
    fault=FaultKind.CLOCK,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("host/service-failed",),
    silent_on=("host/healthy",),
)
def clock(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    What `timedatectl` says about the machine's clock.
    ## Why it matters
    Raft uses a monotonic clock and does not mind a wrong one. Certificates do: where clocks differ, a new certificate
    is not valid yet on another member, and members refuse each other. Journals of several machines cannot be compared
    by their times, and Kubernetes leases end too early or too late.
    ## False alarm if
    The machine is a container, or uses a time service that systemd does not know: then the answer is `no` although the
    clock is right.
    ## What to do
    Compare `date --utc` on all members. Repair the time service before new certificates are made.
    ## References
    https://www.freedesktop.org/software/systemd/man/latest/timedatectl.html
    """
    known = [(host, host.clock_synchronised) for host in case.hosts if host.clock_synchronised]
    if not known:
        yield NotChecked("the output of timedatectl is not in the upload", "missing-timedatectl")
    for host, (synchronised, at) in known:
        if not synchronised:
            yield Finding(ClockNotSynchronised(), (at,), nodes=nodes_on(case, host), where=(machine_key(host),))
