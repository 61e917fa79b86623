"""The texts of a collection's facts."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.ingest.collectors.api import Collection

HEAD_BYTES = 4096


def texts(collection: Collection, *facts: str, limit: int = HEAD_BYTES) -> Iterator[str]:
    """The head of each text that is here. A report's links (`date` → `sos_commands/date/date`) have no content."""
    for fact in facts:
        for member in collection.facts.get(fact, []):
            if member.blob is not None:
                yield member.blob.read(0, limit).decode("utf-8", "replace")


def tails(collection: Collection, fact: str, limit: int) -> Iterator[str]:
    """The end of each text that is here."""
    for member in collection.facts.get(fact, []):
        if member.blob is not None:
            start = max(member.blob.size - limit, 0)
            yield member.blob.read(start, member.blob.size - start).decode("utf-8", "replace")
