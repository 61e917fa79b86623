"""What a terminal or a spreadsheet would obey, made text: the last gate of every answer."""

from __future__ import annotations

import re

# Controls (but for the line's end and the tab), C1, soft hyphens, marks and overrides of direction, invisible letters.
_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(text: str) -> str:
    r"""Lines of text with escapes for all that a terminal obeys or hides: `\x1b`."""
    return _OBEYED.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def plain_json(text: str) -> str:
    r"""JSON of the same value: inside of texts these characters are written as `\u001b`."""
    return _OBEYED.sub(lambda found: "".join(f"\\u{unit:04x}" for unit in _units(found[0])), text)


def cell(value: object) -> object:
    """A cell of CSV: plain, and with an apostrophe before what a spreadsheet would compute."""
    if not isinstance(value, str):
        return value
    text = plain(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _units(character: str) -> list[int]:
    raw = character.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]
