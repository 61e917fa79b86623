"""Numbers that are text: read from where another program wrote, or from another file."""

from __future__ import annotations


def is_text(number: int) -> bool:
    """All eight bytes of a 64-bit number, the first one lowest as on disk, are letters, digits or marks."""
    return 0 <= number < 1 << 64 and all(0x20 <= byte < 0x7F for byte in number.to_bytes(8, "little"))
