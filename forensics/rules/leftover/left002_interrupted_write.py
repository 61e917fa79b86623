"""LEFT002: staging files of writes that did not come to an end."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.roles import FileRole
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "LEFT002",
    "leftover of an interrupted write",
    Severity.INFO,
    scope=Node,
    needs=(Needs.NAMES,),
    effect=Effect.NONE,
    fires_on=("leftover/interrupted-write",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def interrupted_write(node: Node) -> Iterator[Finding]:
    """## What it checks
    Names that begin with `tmp-`, or are those of half-written YAML (`.info.yaml123`). Told by names.
    ## Why it matters
    Raft and go-dqlite write to such a file and rename it when it is whole, so this is what a crash leaves. The next
    start deletes `tmp-…`; nothing reads any of them. Until then one may hold what was being written, a snapshot for
    example.
    ## False alarm if
    A copy of a running node can meet one.
    ## What to do
    Nothing, unless data is missing: then keep them, for the next start deletes them.
    ## References
    canonical/dqlite src/raft/uv_fs.c; FACTS 1.2, 2.2
    """
    for file in node.state.of_role(FileRole.TEMPORARY):
        yield Finding(f"{file.name}, {file.size_max} bytes: a write that a crash interrupted", (file.at,))
