"""LEFT004: a file name that is too long for raft."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.limits import FILE_NAME_CHARS_MAX
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "LEFT004",
    "file name longer than raft can take",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("leftover/long-name",),
    silent_on=("healthy/trimmed-111", "leftover/longest-name"),
)
def long_name(node: Node) -> Iterator[Finding]:
    """## What it checks
    No name in the directory has more than 127 bytes, whatever the file is. Told by names.
    ## Why it matters
    Raft's clean-up at start checks the length of every name by an assertion: libraries inside dqlite (1.16.3 and later)
    abort because of an innocent long name. Older ones pass over it.
    ## False alarm if
    With stand-alone raft (dqlite up to 1.16.2).
    ## What to do
    Move the file out of the directory.
    ## References
    canonical/dqlite src/raft/uv_fs.c; FACTS 1.10, 2.2
    """
    for name, file in sorted(node.state.files.items()):
        size = len(name.encode())
        if size > FILE_NAME_CHARS_MAX:
            message = f"{name[:40]}… has {size} bytes, raft takes {FILE_NAME_CHARS_MAX}: dqlite 1.16.3 and later abort"
            yield Finding(message, (file.at,))
