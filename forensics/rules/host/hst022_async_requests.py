"""HST022: the machine has no asynchronous requests left."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule


@rule(
    "HST022",
    "the machine has no asynchronous requests left",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("host/aio-exhausted",),
    silent_on=("sosreport/real-microk8s-inspect",),
)
def exhausted(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The kernel's count of asynchronous I/O requests that programs reserved (`fs.aio-nr`) against its limit
    (`fs.aio-max-nr`).
    ## Why it matters
    Raft writes its log with them, and reserves some at start. Where none is left, the node does not start, or falls
    back to slow writes. Databases and hypervisors on the same machine use them up.
    ## False alarm if
    The count is of the moment of collection; the process that took them may be gone.
    ## What to do
    Raise the limit (`sysctl fs.aio-max-nr=1048576`, and in /etc/sysctl.d), then start the service again.
    ## References
    FACTS 10.5; https://github.com/canonical/microk8s/blob/master/scripts/inspect.sh
    """
    known = [(host, host.async_requests) for host in case.hosts if host.async_requests]
    if not known:
        yield NotChecked("no sysctl fs.aio-nr and fs.aio-max-nr in the input")
    for host, requests in known:
        if requests.used >= requests.limit:
            own = tuple(dict.fromkeys(node.name for node in case.nodes_of(host)))
            message = f"{requests.used} of {requests.limit} asynchronous requests are reserved"
            yield Finding(message, (requests.at,), nodes=own)
