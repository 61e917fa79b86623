"""HST022: the machine has no asynchronous I/O requests left."""

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
class RequestsExhausted:
    """All asynchronous I/O requests of the kernel are reserved.

    Attributes:
        used: that programs reserved.
        limit: that there may be.
    """

    kind: ClassVar[str] = "requests-exhausted"
    used: int
    limit: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "the machine has no asynchronous I/O requests left",
            (f"Programs reserved {self.used} of {self.limit}.",),
        )


@rule(
    "HST022",
    "machine without asynchronous I/O requests left",
    Severity.MEDIUM,
    fault=FaultKind.LIMITS,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("host/aio-exhausted",),
    silent_on=("sosreport/real-microk8s-inspect",),
)
def exhausted(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    How many asynchronous I/O requests programs reserved (`fs.aio-nr`), against the kernel's limit (`fs.aio-max-nr`).
    ## Why it matters
    Raft writes its log with such requests, and reserves some at start. If none are left, the node does not start, or
    falls back to slow writes. Databases and hypervisors on the same machine can use them up.
    ## False alarm if
    The process that had reserved them is gone: the number is from the moment of collection.
    ## What to do
    Raise the limit (`sysctl fs.aio-max-nr=1048576`, and in /etc/sysctl.d). Then start the service again.
    ## References
    docs/reference/collectors.md#microk8s-inspect;
    https://github.com/canonical/microk8s/blob/master/scripts/inspect.sh
    """
    known = [(host, host.async_requests) for host in case.hosts if host.async_requests]
    if not known:
        yield NotChecked("fs.aio-nr and fs.aio-max-nr (sysctl) are not in the upload", "missing-aio-limits")
    for host, requests in known:
        if requests.used >= requests.limit:
            problem = RequestsExhausted(requests.used, requests.limit)
            yield Finding(problem, (requests.at,), nodes=nodes_on(case, host), where=(machine_key(host),))
