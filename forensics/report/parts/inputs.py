"""The inputs, and the digests of what was used of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from forensics.facts.cluster.cluster import Case
from forensics.facts.decoder import Decoder
from forensics.facts.intake import Evidence, digest_key, path_prefixes
from forensics.ingest.roles import FileRole
from forensics.ingest.source import Source
from forensics.ingest.state_directory import StateFile
from forensics.limits import GUESSABLE_CHARS_MAX
from forensics.masking.lines import masked_lines
from forensics.masking.text import is_likely
from forensics.on_disk import FORMAT_BYTES
from forensics.report.document import Input
from forensics.report.parts.texts import SHOWN


def digests_of(case: Case, evidence: Evidence) -> dict[str, str]:
    """SHA-256 by path, of every file of the state directories whose content cannot be guessed from it."""
    nodes = case.nodes()
    used = {file.at.path: file for node in nodes for file in (*node.state.files.values(), *node.state.around.values())}
    digests = {}
    for file in evidence.files:
        if file.path not in used or _is_guessable(used[file.path]):
            continue
        if file.sha256 is not None:
            digests[file.path] = file.sha256
        elif file.blob is not None:
            digest = evidence.decoder.digest(file.path, file.blob)
            digests |= {file.path: digest} if digest else {}
    return digests


def _is_guessable(file: StateFile) -> bool:
    """So short that its digest gives it away, and not shown as it is: a password, a short token."""
    if file.blob is None or file.blob.size >= GUESSABLE_CHARS_MAX:
        return False
    if file.role is FileRole.METADATA:
        return not is_likely(int.from_bytes(file.blob.read(0, FORMAT_BYTES), "little"))
    lines = file.blob.read().decode("utf-8", "replace").splitlines()
    return file.role not in SHOWN or [text for _, text in masked_lines(lines)] != lines


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
    """Of an archive its own; of a directory that of the sorted lines `sha256  path` of its used files.

    None of a file so short that it could be guessed from it.
    """
    if source.blob is not None:
        if source.blob.size < GUESSABLE_CHARS_MAX:
            return ""
        return decoder.digest(digest_key(source), source.blob) or ""
    used = {path.removeprefix(prefix): digest for path, digest in digests.items() if path.startswith(prefix)}
    lines = "".join(sorted(f"{digest}  {path}\n" for path, digest in used.items()))
    return hashlib.sha256(lines.encode()).hexdigest()
