"""ID010: the flag of a node that has not been added to its cluster."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.join import FOUNDER_IDS
from forensics.facts.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "ID010",
    "join flag that was not taken away",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("identity/join-never", "identity/join-founder", "identity/join-harmless"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def join_flag(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether the file `join` is there, and whether the node is in the configuration that its own files hold. Told by
    names.
    ## Why it matters
    A joining node writes `join` before anything else and removes it once the leader has added it. With the ID in the
    configuration it was killed in between: harmless, told as info. Without, the node was never added. With a founder's
    ID the start refuses: `bootstrap node can't join a cluster`.
    ## When it is wrong
    While a node is joining.
    ## What to do
    If it was never added: look at the journal of the join (address, certificate, leader), empty the directory and join
    again.
    ## References
    canonical/go-dqlite app/app.go; FACTS 6.1, 6.3
    """
    flag = node.state.files.get("join")
    if flag is None:
        return
    configuration = node.configuration
    if node.id in FOUNDER_IDS:
        message = f"`join` beside the founder's ID {node.id}: the node does not start"
        yield Finding(message, (flag.at,), Severity.CRITICAL, effect=Effect.NODE_DOWN)
    elif node.id is not None and configuration and configuration.configuration.by_id(node.id):
        message = f"`join` is still there, though entry {configuration.index} made ID {node.id} a member"
        yield Finding(message, (flag.at,), Severity.INFO, effect=Effect.NONE)
    else:
        yield Finding("`join` is there, and no configuration here has this node: it was never added", (flag.at,))
