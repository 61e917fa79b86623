"""The texts of a collection's facts."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.ingest.collectors.api import Collection

HEAD_BYTES = 4096


def texts(collection: Collection, *facts: str, limit: int = HEAD_BYTES) -> Iterator[str]:
    """The beginning of each text whose content arrived: links (`date` → `sos_commands/date/date`) have none."""
    for fact in facts:
        for file in collection.facts.get(fact, []):
            if file.blob is not None:
                yield file.blob.read(0, limit).decode("utf-8", "replace")


def tails(collection: Collection, fact: str, limit: int) -> Iterator[str]:
    """The end of each text whose content arrived."""
    for file in collection.facts.get(fact, []):
        if file.blob is not None:
            start = max(file.blob.size - limit, 0)
            yield file.blob.read(start, file.blob.size - start).decode("utf-8", "replace")
