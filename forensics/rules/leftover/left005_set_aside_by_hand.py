"""LEFT005: raft files that somebody put aside inside the directory."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.roles import RAFT_ROLES, FileRole, role_of
from forensics.rules.api import Effect, Finding, Needs, Severity, rule

_BACKUP = re.compile(r"back-?up|\.bak$|\.old$|\.orig$", re.IGNORECASE)


@rule(
    "LEFT005",
    "raft files put aside by hand",
    Severity.INFO,
    scope=Node,
    needs=(Needs.NAMES,),
    effect=Effect.NONE,
    fires_on=("leftover/put-aside",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def put_aside(node: Node) -> Iterator[Finding]:
    """## What it checks
    Files that raft does not recognise, whose names are those of raft's files with something added (`….bak`, `….old`,
    `_…`), and folders called backup. Told by names.
    ## Why it matters
    Raft passes over them, so they harm nothing. They say that somebody worked here by hand, and may hold the very
    entries that are missing elsewhere in the report.
    ## False alarm if
    Never.
    ## What to do
    Ask what was done, and in which order. Keep the files.
    ## References
    FACTS 1.10
    """
    for name, file in sorted(node.state.files.items()):
        if file.role not in (FileRole.UNKNOWN, FileRole.DIRECTORY):
            continue
        if any(role_of(part) in RAFT_ROLES for part in _stems(name)) or _BACKUP.search(name):
            yield Finding(f"{name} was put aside by hand", (file.at,))


def _stems(name: str) -> Iterator[str]:
    """The name without what was added behind or before it."""
    stem = name
    while "." in stem:
        stem = stem.rpartition(".")[0]
        yield stem
    yield name.strip("_~#")
