"""What a stretch of a log holds and wrote, in words: made at the very end, for rules, the report and commands alike."""

from __future__ import annotations

from forensics.facts.database.words import row_change_words
from forensics.facts.log.entry_range import EntryRange, Held
from forensics.facts.log.payload_difference import Alteration
from forensics.facts.log.range_writes import NotTold, RangeWrites
from forensics.facts.log.stream import Note, NoteKind
from forensics.limits import KEYS_SHOWN_MAX
from forensics.parsers.segment import Stop, StopReason
from forensics.wording import count, entries, listed

_FIELDS = 3  # of one thing
_KEYS = 5  # named in a sentence; the document has more


def held_words(held: Held, keys: int = _KEYS) -> str:
    """`2 entries (86 to 87; 3 pages of k8s): key /registry/a`."""
    return f"{range_words(held.range)}: {writes_words(held.writes, keys)}"


def note_words(note: Note) -> str:
    """What keeps entries of a log from being shown, as a clause."""
    name = note.at.path.rpartition("/")[2]
    match note.kind:
        case NoteKind.GAP:
            return f"there is no segment for {entries(note.first, note.last)}"
        case NoteKind.OVERLAP:
            return f"the segment starts at {note.first}, but the one before it ends at {note.last}"
        case NoteKind.UNREAD if note.first is None:
            return f"the content of {name} did not arrive, only its name"
        case NoteKind.UNREAD:
            return f"{name} has {note.first} bytes, more than any segment"
        case NoteKind.CUT:
            return f"only {note.first} bytes of {name} arrived"
    told = stop_words(note.stop) if note.stop else ""
    return (
        told
        if note.first is None
        else f"{told}, behind {count(note.first, 'entry')}; its name promises up to {note.last}"
    )


def stop_words(stop: Stop) -> str:
    """Where and why reading a segment ended."""
    what = _STOPS[stop.reason].format(stored=stop.stored, computed=stop.computed)
    return f"batch {stop.batch} at byte {stop.offset}: {what}"


_CHECKSUM = "(stored {stored:08x}, computed {computed:08x})"
# What was read where no header is proved may be a payload's bytes: it is not told.
_STOPS = {
    StopReason.END: "the end of the file",
    StopReason.ZEROS: "zero bytes to the end of the file",
    StopReason.EMPTY: "an empty file",
    StopReason.NO_FORMAT: "{stored} bytes, less than a format word",
    StopReason.FORMAT: "unknown format",
    StopReason.COUNT_ZERO: "a count of zero entries with other bytes behind it",
    StopReason.COUNT_HIGH: "a count of more entries than libraft accepts",
    StopReason.HEADER_CHECKSUM: "header checksum mismatch",
    StopReason.DATA_CHECKSUM: f"data checksum mismatch {_CHECKSUM}",
    StopReason.ENTRY_TYPE: "an entry of unknown type",
    StopReason.SHORT_PREAMBLE: "the file ends inside the batch's first 16 bytes",
    StopReason.SHORT_HEADER: "the file ends inside the entry headers ({stored} of {computed} bytes)",
    StopReason.SHORT_DATA: "the file ends inside the data ({stored} of {computed} bytes)",
}


def range_words(found: EntryRange) -> str:
    """`2 entries (86 to 87; 3 pages of k8s)`: what would be lost with them."""
    spans = [(one.first, one.last) for one in found.stretches] or [(found.first, found.last)]
    span = listed([f"{first}" if first >= last else f"{first} to {last}" for first, last in spans])
    least = "at least " if found.sampled else ""
    parts = [f"{least}{count(one.pages, 'page')} of {one.database}" for one in found.pages]
    if found.barriers == found.entries:
        parts = ["barriers only, no data"]
    if found.changes:
        parts.append(f"{count(found.changes, 'change')} of the members")
    return f"{count(found.entries, 'entry')} ({'; '.join([span, *([', '.join(parts)] if parts else [])])})"


def writes_words(writes: RangeWrites, keys: int = KEYS_SHOWN_MAX) -> str:
    """`keys a, b and 3 more; instance db1 deleted`, with so many keys and things named; else why it cannot be told."""
    parts = []
    if writes.keys_total:
        shown = writes.keys[-keys:]
        more = writes.keys_total - len(shown)
        names = f"{', '.join(shown)} and {more} more" if more else listed(shown, None)
        parts.append(f"{_noun('key', writes.keys_total)} {names}")
    if writes.rows:
        parts += [row_change_words(change, _FIELDS) for change in writes.rows[:keys]]
        more = writes.rows_total - min(len(writes.rows), keys)
        parts += [f"{count(more, 'more change')}"] if more else []
    if writes.untold:
        parts.append(f"{_noun('table', len(writes.untold))} {listed(writes.untold, None)}")
    if writes.not_compared:
        parts.append(f"too large to compare: {listed(writes.not_compared, None)}")
    return "; ".join(parts) or _nothing(writes)


def _noun(word: str, number: int) -> str:
    return word if number == 1 else f"{word}s"


def _nothing(writes: RangeWrites) -> str:
    if writes.not_told is None:
        return "no table differs"
    return {
        NotTold.NOTHING_BEFORE: "there is nothing before entry 1 to compare with",
        NotTold.LARGE: "the database is large: `plan` and `diff` say what was written",
        NotTold.NO_DATABASE_BEFORE: "the database before these entries cannot be rebuilt",
        NotTold.NO_DATABASE_BEHIND: "the database after these entries cannot be rebuilt",
        NotTold.UNREADABLE: f"the database cannot be read ({writes.detail})",
    }[writes.not_told]


def alteration_words(found: Alteration) -> str:
    """How two payloads of one entry differ, and what that looks like: one clause."""
    if found.sizes[0] != found.sizes[1]:
        return f"the payloads have {found.sizes[0]} and {found.sizes[1]} bytes: one was rewritten, not damaged"
    if not found.bits:
        return "the payloads are equal, and the term or the type differs: the header was rewritten"
    if found.bits == 1:
        return f"one bit of byte {found.first} differs: memory may have failed before the checksum was made"
    where = f"byte {found.first}" if found.first == found.last else f"bytes {found.first} to {found.last}"
    return f"{found.bits} bits in {where} differ: one was rewritten, by a tool or by hand"
