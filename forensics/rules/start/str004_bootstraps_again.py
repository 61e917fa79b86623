"""STR004: a founder bootstraps again."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.forecast.of_node import forecast_of
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule


@rule(
    "STR004",
    "founder bootstraps again",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.NAMES,),
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("start/founder-without-metadata", "start/lxd-founder-without-metadata"),
    silent_on=("healthy/killed-111",),
)
def bootstraps_again(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    A node with the id of a founder (1, or 3297041220608546238) whose metadata is lost, though its log is not empty.
    ## Why it matters
    dqlite lets it bootstrap once more: it writes a new metadata file with term 1 and no vote, and a first segment where
    there is none. The start fails with an empty `raft_bootstrap():`, the next one goes on, in a term in which the node
    may already have voted.
    ## False alarm if
    On a node that was never started: an empty directory bootstraps as it should.
    ## What to do
    Put back the metadata from a copy. Without one, let the node join anew from the others.
    ## References
    canonical/dqlite src/server.c (maybeBootstrap); FACTS 2.9
    """
    if node.id is None:
        yield NotChecked("neither info.yaml nor local.db tells the node's id")
        return
    made = forecast_of(node)
    if isinstance(made, str):
        yield NotChecked(made)
        return
    said = made.said
    if said.bootstrap is None or said.loaded is None or not (len(said.loaded.log) or said.loaded.snapshot):
        return
    writes = ", ".join(change.path for change in said.bootstrap.changes)
    ends = "fails once" if said.bootstrap.fails else "goes on with a log that begins twice"
    yield Finding(
        f"the metadata is lost and the node has a founder's id: starting bootstraps again, writes {writes} and {ends}",
        (_where_the_id_stands(node),),
    )


def _where_the_id_stands(node: Node) -> Span:
    """info.yaml, LXD's local.db, or the log that proves it."""
    info = node.state.files.get("info.yaml")
    if info is not None:
        return info.at
    return node.local.at if node.local else Span(node.state.path)
