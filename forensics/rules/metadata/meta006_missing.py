"""META006: both metadata files are gone, the log is not."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.join import FOUNDER_IDS
from forensics.facts.cluster.membership import node_membership
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule


@rule(
    "META006",
    "metadata missing beside a log",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.NAMES,),
    effect=Effect.DEGRADED,
    fires_on=("metadata/lost-founder", "metadata/lost-joiner"),
    silent_on=("healthy/trimmed-111", "healthy/new-term-118"),
)
def missing(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Where there are segments or snapshots, there is metadata1 or metadata2. Told by names.
    ## Why it matters
    Raft starts with term 0 and no vote: the node may vote a second time in a term. Worse on a founder, whose ID makes
    dqlite bootstrap again: it writes metadata1 with term 1 and then trips over its own first segment (that start fails,
    the next one goes on with term 1), or, where that segment was trimmed, writes a bogus one that stops every start
    after it.
    ## False alarm if
    An upload that lacks the two files (they are 32 bytes each). One that was cut inside the directory is not judged.
    The documented recovery gives the other members the log without metadata: where a forced configuration is the last
    entry, the finding is `low`.
    ## What to do
    Do not start the node. Look for the files in backups of this host. Otherwise recover from another node, and let this
    one join again with an empty directory.
    ## References
    canonical/dqlite src/server.c (maybeBootstrap); FACTS 1.3, 2.9, 4.3
    """
    if node.state.file("metadata1") or node.state.file("metadata2"):
        return
    files = [part.file for part in node.log.closed] + [part.file for part in node.log.open]
    files += [snapshot.data_file for snapshot in node.snapshots if snapshot.data_file]
    if not files:
        return
    if any(file.cut for file in node.state.files.values()):
        yield NotChecked("the upload was cut inside this directory: what would have followed is not known")
        return
    told = f"neither metadata1 nor metadata2, but {len(files)} segments and snapshots"
    if node.id in FOUNDER_IDS:
        message = f"{told}, and the ID {node.id} is a founder's: the next start tries to bootstrap again, and fails"
        yield Finding(message, (files[0].at,), Severity.CRITICAL, effect=Effect.NODE_DOWN)
    elif _recovered(node):
        message = (
            f"{told}, which end with a configuration forced by hand: as a recovery's copy lies before its first start"
        )
        yield Finding(message, (files[0].at,), Severity.LOW, effect=Effect.NONE)
    else:
        yield Finding(f"{told}: the node starts with term 0 and may vote twice in a term", (files[0].at,))


def _recovered(node: Node) -> bool:
    """The log ends with a forced configuration."""
    newest = max(node_membership(node), key=lambda event: event.index, default=None)
    return newest is not None and bool(newest.forced) and newest.index == node.last_index
