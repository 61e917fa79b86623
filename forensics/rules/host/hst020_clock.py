"""HST020: the machine's clock is not synchronised."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule


@rule(
    "HST020",
    "the machine's clock is not synchronised",
    Severity.LOW,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("host/service-failed",),
    silent_on=("host/healthy",),
)
def clock(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    What `timedatectl` says of the machine's clock.
    ## Why it matters
    Raft counts by a monotonic clock and bears a wrong one. Certificates do not: where clocks differ, a new certificate
    is not valid yet on another member, and members refuse each other. Times in journals of several machines cannot be
    compared, and leases of Kubernetes run out early or late.
    ## False alarm if
    In containers, and where a time service is used that systemd does not know, the answer is `no` with a right clock.
    ## What to do
    Compare `date --utc` of all members. Repair the time service before certificates are made anew.
    ## References
    https://www.freedesktop.org/software/systemd/man/latest/timedatectl.html
    """
    known = [(host, host.clock_synchronised) for host in case.hosts if host.clock_synchronised]
    if not known:
        yield NotChecked("no timedatectl in the input")
    for host, (synchronised, at) in known:
        if not synchronised:
            own = tuple(dict.fromkeys(node.name for node in case.nodes_of(host)))
            yield Finding("timedatectl says that the clock is not synchronised", (at,), nodes=own)
