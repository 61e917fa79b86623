"""STR003: starting renumbers entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.forecast.reasons import Outcome
from forensics.forecast.result import NoForecast
from forensics.forecast.words import no_forecast_words
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, segment


@dataclass(frozen=True, slots=True)
class RenumberedEntries:
    """An open segment whose entries get lower indexes, and the segment before it that is cut: names of both."""

    kind: ClassVar[str] = "renumbered-entries"
    file: str
    cut: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"starting gives the entries of {segment(self.file)} lower indexes than they were written with",
            (f"The start cuts {segment(self.cut)} before it at damage, and numbering goes on from there.",),
        )


@rule(
    "STR003",
    "starting renumbers entries",
    Severity.CRITICAL,
    fault=FaultKind.LOG_INCONSISTENT,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    effect=Effect.DEGRADED,
    consequence=True,
    fires_on=("segment/open-shift-damage",),
    silent_on=("healthy/killed-111",),
)
def renumbers_entries(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The forecast: an open segment is cut at damage while a later one holds entries. Entries of open segments carry no
    index, so the later ones are numbered on from the cut.
    ## Why it matters
    The node's log then contradicts its peers at equal terms, and raft does not notice: pages of one transaction are
    applied where those of another belong.
    ## False alarm if
    Never, as far as is known. Where the damaged batch was never acknowledged and the later segment is empty, this rule
    is silent.
    ## What to do
    Do not start the node. Take its log from another node: remove it from the cluster and let it join again.
    ## References
    canonical/raft src/uv_segment.c (uvSegmentLoadOpen); docs/reference/start.md#loading-segments
    """
    made = node.forecast
    if isinstance(made, NoForecast):
        yield NotChecked(no_forecast_words(made), f"no-forecast-{made.missing}", (node.name,))
        return
    if made.said.outcome is not Outcome.STARTS:
        return
    for one in made.said.renumbered:
        files = [node.state.files[name] for name in (one.cut, one.file) if name in node.state.files]
        files = files or [next(iter(node.state.files.values()))]
        spans = tuple(file.at for file in files)
        yield Finding(RenumberedEntries(one.file, one.cut), spans, where=(one.file,))
