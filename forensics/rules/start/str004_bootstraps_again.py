"""STR004: a founder bootstraps again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.forecast.result import NoForecast
from forensics.forecast.words import no_forecast_words
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, listed


@dataclass(frozen=True, slots=True)
class BootstrapsAgain:
    """A founder without metadata whose log is not empty.

    Attributes:
        node_id: its ID.
        writes: files that the bootstrap writes.
        fails: the start ends with it; the one after that goes on.
    """

    kind: ClassVar[str] = "bootstraps-again"
    node_id: str
    writes: tuple[str, ...]
    fails: bool

    def words(self, _: Severity) -> Words:
        """See Problem."""
        if self.fails:
            end = "This start fails; the one after it goes on, with term 1 and no vote."
        else:
            end = "It then goes on with a log that begins twice."
        return Words(
            "the node lost its metadata and bootstraps again at its next start",
            (f"Its ID ({self.node_id}) is a founder's. It writes {listed(self.writes, limit=None)}.", end),
        )


@rule(
    "STR004",
    "founder bootstraps again",
    Severity.HIGH,
    fault=FaultKind.METADATA_DAMAGED,
    scope=Node,
    needs=(Needs.NAMES,),
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("start/founder-without-metadata", "start/lxd-founder-without-metadata"),
    silent_on=("healthy/killed-111",),
)
def bootstraps_again(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    A node with the ID of a founder (1, or 3297041220608546238) whose metadata is lost, though its log is not empty.
    ## Why it matters
    dqlite lets it bootstrap once more: it writes a new metadata file with term 1 and no vote, and a first segment where
    there is none. The start fails with an empty `raft_bootstrap():`. The next one goes on, in a term in which the node
    may already have voted.
    ## False alarm if
    The upload lacks the metadata files. A node that was never started is not meant: an empty directory bootstraps as it
    should.
    ## What to do
    Put the metadata back from a copy. Without one, start the node once more where its first start fails, after the
    others have a leader. Where it would write a false first segment, let it join anew from the others.
    ## References
    canonical/dqlite src/server.c (maybeBootstrap); docs/reference/start.md#bootstrap
    """
    if node.id is None:
        yield NotChecked("neither info.yaml nor local.db tells the node's ID", "node-id-unknown")
        return
    made = node.forecast
    if isinstance(made, NoForecast):
        yield NotChecked(no_forecast_words(made), f"no-forecast-{made.missing}", (node.name,))
        return
    again, loaded = made.said.bootstrap, made.said.loaded
    if again is None or loaded is None or not (len(loaded.log) or loaded.snapshot):
        return
    effect = Effect.DEGRADED if again.fails else None
    problem = BootstrapsAgain(str(node.id), tuple(change.path for change in again.changes), again.fails)
    yield Finding(problem, (_where_the_id_stands(node),), effect=effect)


def _where_the_id_stands(node: Node) -> Span:
    """info.yaml, LXD's local.db, or the log that proves it."""
    info = node.state.files.get("info.yaml")
    if info is not None:
        return info.at
    return node.local.at if node.local else Span(node.state.path)
