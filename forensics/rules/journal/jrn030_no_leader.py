"""JRN030: no leader: the members cannot form a majority."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("no-leader", "leader-awaited")


@rule(
    "JRN030",
    "no leader: the members cannot form a majority",
    Severity.HIGH,
    scope=Case,
    effect=Effect.BROKEN,
    consequence=True,
    fires_on=("journal/no-leader",),
    silent_on=("journal/everyday",),
)
def no_leader(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    go-dqlite's `no available dqlite leader server found`, `no known leader`, and the products' words for it.
    Juju's `unable to reconcile …` alone is low: entering HA may take that long.
    ## Why it matters
    Clients asked every known address and none leads. Causes, in the order to check: fewer voters run than a
    majority of those configured (dead members still count); the newest configuration has no voter at all; addresses
    or host names changed, so that members dial nobody; certificates expired or differ; a member that was added and
    never came up; the process crashed or is still loading.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`. A few such lines while nodes restart are normal: they stop by themselves, and
    where the same service logged other things a quarter of an hour later and no more of these, it is `info`, too.
    ## What to do
    Collect from every node: info.yaml, cluster.yaml, `ls -la` of the state directory, the journal. Count the voters
    that can run. If a majority is gone for good, recover on one node (the one with the highest last term, then
    index), and give its directory to the others.
    ## References
    https://github.com/canonical/lxd/issues/6119; https://github.com/canonical/microk8s/issues/2898
    """
    yield from findings_of(case, CODES, _describe, {"leader-awaited": Severity.LOW}, CODES)


def _describe(line: JournalLine) -> str:
    if line.code == "leader-awaited":
        return "Juju's controllers and its dqlite cluster do not agree yet: the node waits for a leader"
    return "no leader could be found"
