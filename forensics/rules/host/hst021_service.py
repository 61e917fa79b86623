"""HST021: a service that carries dqlite failed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.ingest.products import UNITS
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule

_DOWN = ("failed", "activating (auto-restart)")


@rule(
    "HST021",
    "a service that carries dqlite failed",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.DEGRADED,
    consequence=True,
    fires_on=("host/service-failed",),
    silent_on=("host/healthy",),
)
def failed(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    What systemd said, at the time of collection, of the units in which dqlite runs: `failed`, or waiting for the next
    automatic restart.
    ## Why it matters
    The member was down when the evidence was collected: the majority had to do without it. Why it ended is in its
    journal, and in what the forecast says of its next start.
    ## False alarm if
    A unit that somebody stopped is inactive, not failed: that is not reported. It may have been repaired since.
    ## What to do
    Copy the state directory before the next start, then read the last lines of the unit's journal.
    ## References
    FACTS 10.4, 10.5
    """
    units = [unit for of_one in UNITS.values() for unit in of_one]
    seen = False
    for host in case.hosts:
        own = tuple(dict.fromkeys(node.name for node in case.nodes_of(host))) or ((host.name,) if host.name else ())
        for unit, (state, at) in sorted(host.services.items()):
            if not any(re.fullmatch(wanted.replace("*", r"\d+"), unit) for wanted in units):
                continue
            seen = True
            if state in _DOWN:
                yield Finding(f"{unit} was {state} at the time of collection", (at,), nodes=own)
    if not seen:
        yield NotChecked("no state of its services in the input")
