"""Numbers that are text: read from where another program wrote, or from another file."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LONG = re.compile(r"(?<![\w.-])\d{17,20}(?![\w.-])")  # no number of fewer digits has eight bytes of text


def is_text(number: int) -> bool:
    """All eight bytes of a 64-bit number, the first one lowest as on disk, are letters, digits or marks."""
    return 0 <= number < 1 << 64 and all(0x20 <= byte < 0x7F for byte in number.to_bytes(8, "little"))


def numbers_of_text(text: str) -> Iterator[tuple[int, str]]:
    """The numbers of a text that are text themselves, each once with what it reads as."""
    for number in dict.fromkeys(int(found[0]) for found in _LONG.finditer(text)):
        if is_text(number):
            yield number, number.to_bytes(8, "little").decode("ascii")
