"""META002: a metadata file that loading refuses."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.ingest.files import Kind
from forensics.rules.api import Finding, Needs, Severity, rule

_BYTES = 32
_REFUSED = ("metadata-format", "metadata-version", "metadata-tail")


@rule(
    "META002",
    "metadata file that stops the start",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("metadata/format", "metadata/version-zero", "metadata/too-long"),
    silent_on=("healthy/trimmed-111", "healthy/new-term-118"),
)
def refused(node: Node) -> Iterator[Finding]:
    """## What it checks
    Format and version of both metadata files, and that neither is longer than 32 bytes; of a listing, the size.
    ## Why it matters
    One bad file is enough: raft stops before it looks at anything else, and even where the other file is sound. Nothing
    repairs this by itself.
    ## False alarm if
    Format 2 is that of test builds (DQLITE_NEXT of 1.16.5 to 1.16.7), and passes here.
    ## What to do
    Save the directory. If the other file is sound and the newer one, raft itself would go on with it: on a copy, move
    the bad one away. If the bad one was the newer, a vote may be forgotten: recover from another node.
    ## References
    canonical/dqlite src/raft/uv_metadata.c; FACTS 1.3, 1.9
    """
    for name, parsed in (("metadata1", node.metadata1), ("metadata2", node.metadata2)):
        file = node.state.file(name)
        if file is None or file.cut or file.kind is Kind.DIRECTORY:
            continue
        if parsed is None:
            if file.size_min > _BYTES:
                yield Finding(f"{name} has {file.size_min} bytes instead of {_BYTES}", (file.at,))
            continue
        for anomaly in parsed.anomalies:
            if anomaly.code in _REFUSED:
                yield Finding(f"{name}: {anomaly.detail}; the node does not start", (anomaly.at,))
