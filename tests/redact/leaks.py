"""Names of an input that its copies still hold: in paths, in contents, in what snapshots hold compressed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

import lz4.frame
from ahocorasick_rs import BytesAhoCorasick

from forensics import pipeline
from forensics.evidence import BytesBlob
from forensics.ingest.archive import archive_kind
from forensics.ingest.roles import RAFT_ROLES, role_of
from forensics.ingest.source import Source
from forensics.masking.words import is_known
from forensics.redact.run import Copy
from forensics.redact.texts import Texts

_CHARS_MIN = 6  # a shorter one stands in many bytes by chance


def leaks(copies: Sequence[Copy], texts: Texts) -> list[str]:
    """Names and addresses that were to go, and are there all the same; but for words, which stay in prose."""
    known = (*(old for old, _ in texts.pairs()), *texts.stayed())
    names = [old for old in known if len(old) >= _CHARS_MIN and not is_known(old)]
    finder = BytesAhoCorasick([name.encode() for name in names])
    found = {names[number] for one in _contents(copies) for number, *_ in finder.find_matches_as_indexes(one)}
    return sorted(found)


def _contents(copies: Sequence[Copy]) -> Iterator[bytes]:
    for copy in copies:
        for path, content in _files(copy):
            folder, _, name = path.rpartition("/")
            yield (folder if role_of(name) in RAFT_ROLES else path).encode()  # indexes are no names
            yield content
            with suppress(RuntimeError):
                yield lz4.frame.decompress(content)


def _files(copy: Copy) -> Iterator[tuple[str, bytes]]:
    if copy.kind == "directory":
        yield from ((file.path, file.content) for file in copy.files)
        return
    blob = BytesBlob(copy.name, copy.content)
    with pipeline.take([Source(blob.path, archive_kind(blob) or "text", blob.size, blob, blob.path)]) as evidence:
        yield from ((file.path, file.blob.read()) for file in evidence.files if file.blob is not None)
