"""Names and addresses, fit to stand in a message: what is plainly something else is replaced by its length and digest.

A key or token that got into the field of a name must not reach a report; equal texts stay equal, different ones
different.
"""

from __future__ import annotations

import hashlib
import re

_NAME_CHARS_MAX = 253  # of a DNS name, the longest of what is meant here; an address has a port more
_PORT_CHARS = 8
_BLOB = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_=-]{40,}")  # as base64 and tokens look: no dots, no colon
_MIXED_MIN = 4  # capitals, and small letters: neither host names nor paths nor digests in hex are written so


def printable(text: str) -> str:
    """The text, or `[N characters, DIGEST]`."""
    plain = len(text) <= _NAME_CHARS_MAX + _PORT_CHARS and text.isprintable() and "-----" not in text
    if plain and not any(map(is_blob, _BLOB.findall(text))):
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"[{len(text)} characters, {digest}]"


def without_blobs(line: str, instead: str) -> str:
    """The line with `instead` for whatever in it looks like a key's text or a token."""
    return _BLOB.sub(lambda found: instead if is_blob(found[0]) else found[0], line)


def is_blob(text: str) -> bool:
    """Capitals, small letters and digits in one long word."""
    capitals, small = sum(map(str.isupper, text)), sum(map(str.islower, text))
    return capitals >= _MIXED_MIN and small >= _MIXED_MIN and any(map(str.isdigit, text))
