"""HST003: a service restarts again and again."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule

_MANY = 5
_UNITS = ("dqlite", "k8sd", "kubelite", "lxd", "incus", "microceph", "microovn", "microcloud", "juju")


@rule(
    "HST003",
    "a service restarts again and again",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("host/restarts", "host/restarts-in-journal"),
    silent_on=("host/healthy",),
)
def restarts(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    systemd's restart counters of the units that carry dqlite: as a collector asked for them, else as the journal tells
    of the newest restart.
    ## Why it matters
    Each restart closes a segment, starts an election and may change files. A counter that grows is a crash loop:
    every start is another chance to damage what is there.
    ## False alarm if
    The counter starts at the last manual start of the unit; upgrades do not count.
    ## What to do
    Stop the unit while you look. The journal says why it ends; copy the state directory before the next start.
    ## References
    FACTS 10.4
    """
    if not any(host.restarts for host in case.hosts):
        yield NotChecked("no restart counters in the input")
    for host in case.hosts:
        for unit, (count, at) in sorted(host.restarts.items()):
            if count >= _MANY and any(word in unit for word in _UNITS):
                nodes = tuple(dict.fromkeys(node.name for node in case.nodes_of(host)))
                yield Finding(f"{unit} was restarted {count} times", (at,), nodes=nodes)
