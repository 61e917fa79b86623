"""SHP007: db.bin is a dump, not the database."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.roles import FileRole
from forensics.rules.api import Effect, Finding, Severity, rule


@rule(
    "SHP007",
    "db.bin is a dump, not the database",
    Severity.INFO,
    scope=Node,
    effect=Effect.NONE,
    fires_on=("shape/old-layout",),
    silent_on=("healthy/trimmed-111",),
)
def dump_not_data(node: Node) -> Iterator[Finding]:
    """## What it checks
    A db.bin (LXD, Incus) beside the raft files.
    ## Why it matters
    It is written for debugging at certain moments, mostly hours old, and never read: what it shows is an old state,
    and editing it changes nothing. But SQLite opens it, which the real files are not good for: it can serve to look
    at what once was.
    ## False alarm if
    Never.
    ## What to do
    Use `sql` and `extract` of this tool for the real state.
    ## References
    FACTS 9.1; https://github.com/canonical/lxd/issues/6036
    """
    dumps = node.state.of_role(FileRole.DEBUG_DUMP)
    if dumps:
        names = " and ".join(file.name for file in dumps)
        yield Finding(f"{names} is a debugging dump, not the database: reading it shows an old state", (dumps[0].at,))
