"""The document, or a part of it, as JSON."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from forensics.errors import UsageError
from forensics.report.document import SCHEMA_VERSION, Document, Part
from forensics.shown import plain_json


def render_json(document: Document) -> str:
    """The whole report. Raises UsageError for a schemaVersion that is not written any more."""
    if document.schema_version != SCHEMA_VERSION:
        raise UsageError(
            f"schemaVersion {document.schema_version} is not written: its findings have no keys. "
            f"This version writes schemaVersion {SCHEMA_VERSION}"
        )
    return json_of(document)


def json_of(parts: Part | Sequence[Part]) -> str:
    """Indented by one, keys in the order of their fields; the same parts give the same bytes."""
    return plain_json(msgspec.json.format(msgspec.json.encode(parts), indent=1).decode("utf-8")) + "\n"
