"""A line of text from the evidence, as it may be shown: readable, without what may be a key, a token or a password."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from forensics.limits import FORMAT_LIKELY_MAX, GUESSABLE_CHARS_MAX, LINES_REMEMBERED_MAX
from forensics.masking.positions import MASK, without_named
from forensics.masking.shapes import is_word, looks_random

__all__ = ["MASK", "escaped", "is_likely", "masked_line", "masked_name", "shown", "shown_beside", "told_number"]

Value = Any
_CHUNK = re.compile(r"[^\s\"'`,;=|()<>{}\u2018\u2019\u201c\u201d]+")
_ADDRESS_CHARS_MAX = 261  # of a DNS name, and of a port
_CHANCE_CHARS_MAX = 2  # of a word that stands in a random text by chance
_MASKED = re.compile(r"(\[masked\])")


@lru_cache(LINES_REMEMBERED_MAX)
def masked_line(line: str) -> str:
    """With MASK for each secret, by its position or by its looks. As many lines as it was."""
    parts = _MASKED.split(without_named(line))
    return "".join(part if part == MASK else _CHUNK.sub(_judged, part) for part in parts)


def masked_name(name: str) -> str:
    """A name or an address, or `[N characters, DIGEST]`: equal ones stay equal, different ones different.

    A short text could be guessed from its digest, and gets none.
    """
    if len(name) <= _ADDRESS_CHARS_MAX and name.isprintable() and masked_line(name) == name:
        return name
    if len(name) < GUESSABLE_CHARS_MAX:
        return f"[{len(name)} characters]"
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"[{len(name)} characters, {digest}]"


def is_likely(number: int) -> bool:
    """Whether a word was meant as a format or a count, and one bit of it may have flipped; else it may be 8 bytes of
    anything.
    """
    return number <= FORMAT_LIKELY_MAX or number.bit_count() <= 2


def told_number(number: int) -> int | str:
    """A format or a count, read where perhaps none stands."""
    return number if is_likely(number) else MASK


def shown(value: Value) -> Value:
    """What an output is made of: texts, and what holds texts, with MASK for all that looks random.

    Words of this program are among them: by their positions secrets are masked where the evidence is read.
    """
    if isinstance(value, str):
        return _shown_text(value)
    if isinstance(value, dict):
        return {shown(key): shown(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return type(value)(map(shown, value))
    return value


def shown_beside(text: str, given: Iterable[str]) -> str:
    """A text as `shown` gives it, but for what the reader gave himself: names of inputs and of nodes."""
    theirs = "|".join(re.escape(word) for word in given if word)
    parts = re.split(f"({theirs})", text) if theirs else [text]
    return "".join(part if number % 2 else _shown_text(part) for number, part in enumerate(parts))


@lru_cache(maxsize=1 << 16)
def _shown_text(text: str) -> str:
    return _CHUNK.sub(_judged, text)


def escaped(text: str) -> str:
    """One line of the evidence; what a terminal would obey, or a reader not see, is written out as an escape."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode("ascii") for c in text)


def _judged(found: re.Match[str]) -> str:
    """Of a path each part by itself."""
    chunk = found[0]
    if not looks_random(chunk.rstrip(".:!?")):
        return chunk
    parts = [MASK if looks_random(part.rstrip(".:!?")) else part for part in chunk.split("/")]
    return "/".join(parts) if any(map(_tells, parts)) else MASK


def _tells(part: str) -> bool:
    """Of a path: a word, as no token would hold between two signs."""
    return part != MASK and len(part) > _CHANCE_CHARS_MAX and is_word(part)
