"""The inputs, and the digests of what was used of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from forensics.facts.cluster.cluster import Case
from forensics.facts.decoder import Decoder
from forensics.facts.intake import Evidence, digest_key, path_prefixes
from forensics.ingest.source import Source
from forensics.report.document import Input


def digests_of(case: Case, evidence: Evidence) -> dict[str, str]:
    """SHA-256 by path, of every file of the state directories."""
    used = {file.at.path for node in case.nodes() for file in (*node.state.files.values(), *node.state.around.values())}
    digests = {}
    for file in evidence.files:
        if file.path not in used:
            continue
        if file.sha256 is not None:
            digests[file.path] = file.sha256
        elif file.blob is not None:
            digest = evidence.decoder.digest(file.path, file.blob)
            digests |= {file.path: digest} if digest else {}
    return digests


def inputs_of(evidence: Evidence, digests: Mapping[str, str]) -> tuple[Input, ...]:
    """One part an input."""
    prefixes = path_prefixes(evidence.sources)
    return tuple(
        Input(
            name=source.name,
            sha256=_digest(source, prefix, digests, evidence.decoder),
            size=source.size,
            kind=source.kind,
        )
        for source, prefix in zip(evidence.sources, prefixes, strict=True)
    )


def _digest(source: Source, prefix: str, digests: Mapping[str, str], decoder: Decoder) -> str:
    """Of an archive its own; of a directory that of the sorted lines `sha256  path` of its used files."""
    if source.blob is not None:
        return decoder.digest(digest_key(source), source.blob) or ""
    used = {path.removeprefix(prefix): digest for path, digest in digests.items() if path.startswith(prefix)}
    lines = "".join(sorted(f"{digest}  {path}\n" for path, digest in used.items()))
    return hashlib.sha256(lines.encode()).hexdigest()
