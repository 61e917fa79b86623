"""SHP009: terms rise quickly: leaders change again and again."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule

_MANY = 5
_FEW_ENTRIES = 4096


@rule(
    "SHP009",
    "terms rise quickly: leaders change again and again",
    Severity.LOW,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    effect=Effect.ATTENTION,
    fires_on=("shape/election-storm",),
    silent_on=(
        "healthy/trimmed-111",
        "shape/healthy-listing",
    ),
)
def election_storm(node: Node) -> Iterator[Finding]:
    """## What it checks
    The terms of the two newest snapshots, by their names: five or more elections within a few thousand entries.
    ## Why it matters
    Each election raises the term. Many of them in little log mean that no leader stays: slow disks or network, a
    node that crashes in a loop, clocks of virtual machines that stop.
    ## False alarm if
    A cluster that is restarted often and writes little.
    ## What to do
    Look at the journals for restarts and for warnings about slow disks, and at the nodes' load.
    ## References
    https://github.com/canonical/microk8s/issues/2394; FACTS 1.7
    """
    pair = sorted(node.snapshots, key=lambda snapshot: snapshot.name.index)[-2:]
    if len(pair) < 2:
        return
    terms, entries = pair[1].name.term - pair[0].name.term, pair[1].name.index - pair[0].name.index
    file = pair[1].data_file or pair[1].meta_file
    if terms >= _MANY and entries <= _FEW_ENTRIES and file is not None:
        yield Finding(f"{terms} terms passed within {entries} entries (term {pair[1].name.term} now)", (file.at,))
