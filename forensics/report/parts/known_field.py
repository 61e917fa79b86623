"""One field of a header: where it lies, and by how much it is not what the rest of the file tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forensics.evidence import Blob
from forensics.layouts import Layout
from forensics.parsers.bitflip import BitFlip
from forensics.report import document as doc

_STALE = "unused"  # bytes that libraft never sets: what was in its buffer before
_SUMS = frozenset({"checksum", "header_checksum", "data_checksum"})


@dataclass(frozen=True, slots=True)
class KnownField:
    """One field.

    Attributes:
        name: in its layout.
        offset, length: bytes, in the file.
        off_by: the stored value xor the one that the rest of the file gives: 0 where they agree; None where the rest
            does not tell it.
        batch, entry: of which batch of the file, and which entry of the batch, from 1.
    """

    name: str
    offset: int
    length: int
    off_by: int | None = None
    batch: int | None = None
    entry: int | None = None

    @property
    def end(self) -> int:
        """First byte after it."""
        return self.offset + self.length

    def told(self, blob: Blob) -> doc.DecodedField:
        """With its bytes and its values."""
        raw = blob.read(self.offset, self.length)
        stored = int.from_bytes(raw, "little") if len(raw) == self.length else None
        computed = None if stored is None or self.off_by is None else stored ^ self.off_by
        return doc.DecodedField(
            offset=self.offset,
            length=self.length,
            name=self.name.replace("_", "-"),
            batch=self.batch,
            entry=self.entry,
            hex=raw.hex(" "),
            stored=self._digits(stored),
            computed=self._digits(computed),
        )

    def _digits(self, value: int | None) -> str | None:
        if value is None:
            return None
        return f"{value:08x}" if self.name in _SUMS else str(value)


def laid_out(
    layout: Layout,
    at: int,
    *,
    off_by: Mapping[str, int] | None = None,
    flip: BitFlip | None = None,
    batch: int | None = None,
    entry: int | None = None,
) -> Iterator[KnownField]:
    """A layout's fields from the byte `at` on, but for what is never shown.

    Args:
        layout: little-endian numbers.
        at: its first byte in the file.
        off_by: of fields, by their names.
        flip: the one bit that explains the damage: the field that it lies in is off by it.
        batch: what it is the header of, from 1.
        entry: which entry of the batch, from 1.
    """
    for part in layout.subcons:
        size = part.sizeof()
        if part.name != _STALE:
            difference = (off_by or {}).get(part.name)
            if flip is not None and at <= flip.at.offset < at + size:
                difference = 1 << (8 * (flip.at.offset - at) + flip.bit)
            yield KnownField(part.name, at, size, difference, batch, entry)
        at += size
