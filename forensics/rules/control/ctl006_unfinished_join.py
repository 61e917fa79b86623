"""CTL006: a join that has not been completed."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Severity, rule

BOOTSTRAP_ID = 3297041220608546238


@rule(
    "CTL006",
    "a join that has not been completed",
    Severity.LOW,
    scope=Node,
    effect=Effect.ATTENTION,
    fires_on=("control/unfinished-join",),
    silent_on=("healthy/trimmed-111",),
)
def unfinished_join(node: Node) -> Iterator[Finding]:
    """## What it checks
    A `join` file: it is made at the first start of a joining node, and removed when the cluster has added it.
    ## Why it matters
    If the node is in the raft configuration, it was killed between the two: harmless, the next start repeats it. If
    it is in none, the join never succeeded; its directory holds nothing that is needed.
    ## False alarm if
    A copy made while a node was joining.
    ## What to do
    Look whether the node's id stands in the configuration of the others. If not, move its state away and join
    again.
    ## References
    canonical/go-dqlite app/app.go; FACTS 6.3
    """
    flag = node.state.files.get("join")
    if flag is None or node.id == BOOTSTRAP_ID:
        return
    configuration = node.configuration
    member = configuration is not None and node.id is not None and configuration.configuration.by_id(node.id)
    if member:
        message = "a join file although the node is a member: it was killed right after it was added, which is harmless"
        yield Finding(message, (flag.at,), Severity.INFO, effect=Effect.NONE)
    else:
        yield Finding("a join file: this node was never added to the cluster, as far as it knows", (flag.at,))
