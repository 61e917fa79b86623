"""What damage looks like, in words: made here from what the parsers found, for findings, the report and `log`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forensics.evidence import Span
from forensics.facts.log.raft_log import RaftLog
from forensics.facts.node.node import Node
from forensics.forecast.result import NodeForecast
from forensics.parsers.bitflip import BitFlip, Field, Part
from forensics.parsers.damage import Damage, Look, Promise, Sign, Source, Terms
from forensics.parsers.segment import StopReason
from forensics.wording import segment, size

_UNITS = (1 << 20, 4096, 512)  # what devices and file systems write at once, bytes

BAD_BATCH = {
    StopReason.HEADER_CHECKSUM: "the checksum of a batch header does not match",
    StopReason.DATA_CHECKSUM: "the checksum of a batch's data does not match",
    StopReason.COUNT_ZERO: "a batch announces no entries, yet other bytes follow",
    StopReason.COUNT_HIGH: "a batch announces more entries than a batch can hold",
    StopReason.ENTRY_TYPE: "a batch holds an entry of unknown type",
    StopReason.ZEROS: "only zero bytes follow, up to the end of the file",
    StopReason.FORMAT: "its first word is no known format",
}
"""What is wrong where reading a segment stops, as a clause."""

OLDER_SNAPSHOT_STEPS = (
    "The next start does not need this snapshot, and raft deletes it after the next one. See whether the disk of this "
    "node reports errors (`dmesg`, SMART): the next damage may hit what is needed."
)
"""What to do about damage of a snapshot that loading does not read."""

DEPENDS_ON_MEMORY = "It belongs to the newest snapshot: what a start makes of it depends on what lies in memory."
"""Of a snapshot that a start reads, and of which the library reads more than the file holds."""

_CUT = {
    StopReason.NO_FORMAT: "the format word",
    StopReason.SHORT_PREAMBLE: "the preamble of {batch}",
    StopReason.SHORT_HEADER: "the entry headers of {batch}",
    StopReason.SHORT_DATA: "the payloads of {batch}",
}
CUTS = frozenset(_CUT)
"""The file ends inside something."""

_PARTS = {
    Part.FORMAT: "the format word",
    Part.HEADER_CHECKSUM: "the stored header checksum",
    Part.DATA_CHECKSUM: "the stored data checksum",
    Part.ENTRY_COUNT: "the number of entries",
    Part.LOCAL_DATA_SIZE: "the size of local data",
    Part.TERM: "the term",
    Part.TYPE: "the type",
    Part.UNUSED: "unused bytes in the header",
    Part.SIZE: "the size",
    Part.PAYLOAD: "the payload",
    Part.ZEROS: "among bytes that are all zero but for it",
    Part.CHECKSUM: "the stored checksum",
    Part.CHECKSUM_UPPER_HALF: "the upper half of the checksum's word",
    Part.CONFIGURATION_SIZE: "the configuration's size",
    Part.CONFIGURATION_INDEX: "the configuration's index",
    Part.CONFIGURATION: "the configuration",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What explains the first bad stretch of a segment; nothing may.

    Attributes:
        flip: the one bit that explains it, if one does.
        signs: of anything else.
    """

    flip: BitFlip | None = None
    signs: tuple[Sign, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        """The byte whose one bit explains it."""
        return (self.flip.at,) if self.flip else ()

    def words(self) -> str:
        """Whole sentences; empty where nothing explains the damage."""
        told = [flip_words(self.flip)] if self.flip else []
        return " ".join(told + [sign_words(sign) for sign in self.signs])


def cut_words(reason: StopReason, batch: int | None = None) -> str:
    """What a segment ends inside: `the payloads of a batch`, `the payloads of batch 29`."""
    return _CUT[reason].format(batch="a batch" if batch is None else f"batch {batch}")


def explanation_of(log: RaftLog, path: str) -> Explanation:
    """Of the segment at `path`."""
    damage = next(iter(log.damage.get(path, ())), None)
    return Explanation(damage.flip, damage.signs) if damage else Explanation()


def damage_words(damage: Damage) -> str:
    """What one bad stretch looks like, in whole sentences; empty where nothing explains it."""
    return Explanation(damage.flip, damage.signs).words()


def flip_words(flip: BitFlip) -> str:
    """Which bit it is, and how far that can be relied on."""
    odds = f"; other damage would pass this test only once in {flip.odds} cases" if flip.odds else ""
    return (
        f"It looks like a single flipped bit: byte {flip.at.offset} ({field_words(flip.field)}) is 0x{flip.stored:02x} "
        f"instead of 0x{flip.corrected:02x}, which differ in bit {flip.bit}. "
        f"With this bit flipped back everything verifies{odds}."
    )


def field_words(field: Field) -> str:
    """`the payload of entry 2 of the batch`."""
    return _PARTS[field.part] + (f" of entry {field.entry} of the batch" if field.entry else "")


def sign_words(sign: Sign) -> str:
    """One sentence."""
    return _SIGNS[sign.look](sign)


def _zeroed(sign: Sign) -> str:
    first = sign.at.offset
    if isinstance(sign.told_by, Promise):
        return f"It looks zeroed: everything from byte {first} on is zero, after {_held(sign.told_by)}."
    return f"It looks zeroed: {size(sign.at.length)} from byte {first} on are zero{_aligned(first)}."


def _cut(sign: Sign) -> str:
    end = sign.at.offset + sign.at.length
    if isinstance(sign.told_by, Promise):
        return f"It looks cut short: the file ends with a whole batch at byte {end}, after {_held(sign.told_by)}."
    return f"It looks cut short: the file ends at byte {end}{_aligned(end)}."


def _torn(sign: Sign) -> str:
    last = size(sign.at.length)
    return f"It looks like an unfinished write: the last {last} of the batch are zero, and so is everything behind it."


def _behind_end(sign: Sign) -> str:
    if isinstance(sign.told_by, Promise):
        return f"It holds {sign.told_by.held} entries, but its name promises {sign.told_by.promised}."
    return f"Data lies behind its end: the {size(sign.at.length)} from byte {sign.at.offset} on are not all zero."


def _old_content(sign: Sign) -> str:
    terms = sign.told_by
    after = f": entries of term {terms.behind} follow one of term {terms.before}" if isinstance(terms, Terms) else ""
    return f"Older content lies behind it{after}."


def _foreign_block(sign: Sign) -> str:
    source, end = sign.told_by, sign.at.offset + sign.at.length
    where = f" (at byte {source.offset} of {segment(source.file)})" if isinstance(source, Source) else ""
    return f"Bytes {sign.at.offset} to {end} are a block of another segment{where}."


_SIGNS: dict[Look, Callable[[Sign], str]] = {
    Look.ZEROED: _zeroed,
    Look.CUT: _cut,
    Look.TORN: _torn,
    Look.BEHIND_END: _behind_end,
    Look.OLD_CONTENT: _old_content,
    Look.FOREIGN_BLOCK: _foreign_block,
}


def _held(promise: Promise) -> str:
    return f"{promise.held} of the {promise.promised} entries that the name promises"


def _aligned(offset: int) -> str:
    """Where an offset is the boundary of a unit that is written at once."""
    unit = next((unit for unit in _UNITS if offset % unit == 0), None)
    return f", a multiple of {size(unit)}" if unit and offset else ""


def start_depends_on_memory(node: Node) -> bool:
    """The library reads memory behind a file's content while this node starts: nobody can tell the end."""
    made = node.forecast
    return isinstance(made, NodeForecast) and made.said.undefined is not None
