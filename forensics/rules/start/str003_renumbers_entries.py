"""STR003: starting renumbers entries."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.forecast.of_node import forecast_of
from forensics.forecast.words import renumbered_words
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule


@rule(
    "STR003",
    "starting renumbers entries",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    effect=Effect.DEGRADED,
    consequence=True,
    fires_on=("segment/open-shift-damage",),
    silent_on=("healthy/killed-111",),
)
def renumbers_entries(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The forecast: an open segment that is cut at damage while a later one holds entries. Entries of open segments carry
    no index; the later ones are numbered on from the cut.
    ## Why it matters
    The node's log then contradicts its peers at equal terms, and raft does not notice: pages of one transaction are
    applied where another one's belong.
    ## False alarm if
    Where the damaged batch was never acknowledged and the later segment is empty: then this rule is silent.
    ## What to do
    Do not start the node. Take its log from another node: remove it from the cluster and join it again.
    ## References
    canonical/raft src/uv_segment.c (uvSegmentLoadOpen); FACTS 2.6
    """
    made = forecast_of(node)
    if isinstance(made, str):
        yield NotChecked(made)
        return
    if made.said.outcome != "starts":
        return
    for one in made.said.renumbered:
        files = [node.state.files[name] for name in (one.cut, one.file) if name in node.state.files]
        files = files or [next(iter(node.state.files.values()))]
        yield Finding(renumbered_words(one), tuple(file.at for file in files))
