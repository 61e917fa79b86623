"""STR001: the node does not start."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.forecast.of_node import forecast_of, may_start_with
from forensics.forecast.words import clause, proposal_sentence, sentence
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule


@rule(
    "STR001",
    "node does not start",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.NAMES,),
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("segment/gap", "start/listing-gap"),
    silent_on=("healthy/stopped-111",),
)
def does_not_start(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The forecast: dqlite's own start procedure, simulated on this directory, for the version that the evidence
    points to. Where content is not at hand (a listing), what names and sizes rule out whatever the files hold,
    and whatever version runs the node where nothing tells it.
    ## Why it matters
    The node stays down until someone acts; its message is the one that its journal shows or will show. A crash or an
    endless loop gives no message at all.
    ## False alarm if
    Where the copy is not of one moment, or another version runs the node: `forecast --dqlite` tells for others.
    ## What to do
    Keep the directory as it is. The proposals say which files would have to be moved aside, and what that loses; on a
    cluster with a majority, removing the node and joining it again loses nothing.
    ## References
    canonical/raft src/uv.c, src/start.c; FACTS 2
    """
    made = forecast_of(node)
    if isinstance(made, str):
        yield NotChecked(made)
        return
    if made.said.outcome == "starts":
        return
    if (other := may_start_with(node, made)) is not None:
        told = clause(made.said)
        yield NotChecked(f"nothing tells its version: with {made.said.library} it {told}; names do not stop {other}")
        return
    proposal = f" Proposal: {proposal_sentence(made.proposals[0])}." if made.proposals else ""
    yield Finding(sentence(made.said) + proposal, _where(node, made.said.culprits))


def _where(node: Node, culprits: tuple[str, ...]) -> tuple[Span, ...]:
    """The files that the start ends at, else the directory's first file."""
    named = [file.at for name, file in sorted(node.state.files.items()) if name in culprits]
    return tuple(named or [next(iter(node.state.files.values())).at])
