"""SEG019: a directory where raft expects a file."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.files import Kind
from forensics.ingest.roles import RAFT_ROLES
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "SEG019",
    "directory with the name of a raft file",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    fires_on=("segment/directory",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def not_a_file(node: Node) -> Iterator[Finding]:
    """## What it checks
    Nothing with the name of a segment, a snapshot or metadata is a directory. Told by names.
    ## Why it matters
    Raft goes by names and reads it like a file: `read: illegal operation on a directory`. The node does not start.
    ## False alarm if
    Never.
    ## What to do
    Ask who made it. On a copy, move it out of the directory.
    ## References
    FACTS 1.10
    """
    for name, file in sorted(node.state.files.items()):
        if file.role in RAFT_ROLES and file.kind is Kind.DIRECTORY:
            yield Finding(f"{name!r} is a directory, raft takes it for a {file.role.value}", (file.at,))
