"""LEFT021: second copies of the node's state beside the live one."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.facts.node.recovery_tarball import last_index_of
from forensics.ingest.state_directory import SecondCopy
from forensics.rules.api import Effect, Finding, Severity, rule

_OF_A_RECOVERY = ("recovery_db", "global.recover")  # MCL006 and LEFT020 tell of these
_MADE_BY = {
    "global.bak": "LXD made it before it changed the schema",
    "backend.backup": "`microk8s join` or `leave` put the state there that the node had before",
}


@rule(
    "LEFT021",
    "second copy of the node's state beside the live one",
    Severity.INFO,
    scope=Node,
    effect=Effect.NONE,
    fires_on=("leftover/lxd-second-copy", "leftover/backend-backup"),
    silent_on=("healthy/lxd", "healthy/trimmed-111", "healthy/single-111"),
)
def second_copies(node: Node) -> Iterator[Finding]:
    """## What it checks
    Folders beside the state directory that hold a state of this node too: LXD's `global.bak`, MicroK8s'
    `backend.backup`, and what was copied or moved there by hand (`k8s-dqlite.bak`, `backend-old`). How far its log
    goes, by names.
    ## Why it matters
    They are not other nodes, and were left out of the comparison. Where the live directory is damaged or was emptied,
    one of them may be the way back; it is as old as its last entry.
    ## False alarm if
    Never.
    ## What to do
    Keep them until the cluster is well. Put none of their files into the live directory one by one.
    ## References
    canonical/lxd lxd/db/cluster/open.go; canonical/microk8s scripts/wrappers/join.py, leave.py; FACTS 9, 9.1
    """
    for aside in node.state.second_copies:
        name = aside.path.rpartition("/")[2]
        if name in _OF_A_RECOVERY or not aside.files:
            continue
        by = _MADE_BY.get(name, "a copy by hand")
        at = next(iter(aside.files.values())).at
        yield Finding(f"{name} is a second copy of this node's state{_reach(node, aside)}: {by}", (at,))


def _reach(node: Node, aside: SecondCopy) -> str:
    last = last_index_of(tuple(aside.files))
    if last is None:
        return ""
    own = f", the live one to {node.last_index}" if node.last_index is not None else ""
    return f", to index {last} by its names{own}"
