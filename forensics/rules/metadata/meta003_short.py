"""META003: a metadata file of fewer than 32 bytes."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.files import Kind
from forensics.rules.api import Finding, Needs, Severity, rule

_BYTES = 32


@rule(
    "META003",
    "metadata file that the next start deletes",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("metadata/short", "metadata/only-one-short"),
    silent_on=("healthy/trimmed-111", "healthy/new-term-118"),
)
def short(node: Node) -> Iterator[Finding]:
    """## What it checks
    Neither metadata file has fewer than 32 bytes, none at all included. Told by sizes.
    ## Why it matters
    Raft takes it for a write that a crash interrupted, and deletes it without a word. With the other file the node goes
    on with the term and vote of one write earlier; without another it forgets term and vote, and can vote twice in one
    term.
    ## False alarm if
    A cut upload; the report lists such members apart, and this rule passes over them.
    ## What to do
    With a sound other file: nothing, beyond asking why (power cut, full disk). Without: do not start the node; recover
    from another one.
    ## References
    canonical/dqlite src/raft/uv_metadata.c; FACTS 1.3
    """
    files = [file for name in ("metadata1", "metadata2") if (file := node.state.file(name)) and not file.cut]
    short = [file for file in files if file.size_max < _BYTES and file.kind is not Kind.DIRECTORY]
    for file in short:
        told = f"{file.name} has only {file.size_max} of {_BYTES} bytes: the next start deletes it"
        if len(short) == len(files):
            yield Finding(f"{told}, and term and vote are forgotten", (file.at,), Severity.HIGH)
        else:
            yield Finding(f"{told} and goes on with the other", (file.at,))
