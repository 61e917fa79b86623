"""What people wrote of cases: what it was, and what helped. Shown beside cases with the same fault."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import msgspec

from forensics.fleet.store import Store

_FOLDER = "notes"


class Note(msgspec.Struct, frozen=True):
    """One note: of which case, when (ISO 8601), and its text."""

    name: str
    time: str
    text: str


def add_note(store: Store, name: str, text: str) -> Note:
    """Write one. Raises OSError."""
    note = Note(name, datetime.now(UTC).isoformat(timespec="seconds"), text)
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
    store.put(msgspec.json.encode(note), _FOLDER, f"{moment}-{uuid.uuid4().hex[:8]}.json")
    return note


def notes_of(store: Store) -> list[Note]:
    """All, oldest first. Raises InputError where one is damaged."""
    found = (store.decoded(Note, _FOLDER, name) for name in store.names(_FOLDER))
    return [note for note in found if note is not None]
