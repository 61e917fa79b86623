"""Bytes whose content goes: a value, or what a deleted row, a freed page or a process's memory left behind.

Zero bytes stay where they are, because damage is recognised by them; all others become letters. Of a value the first
ones are a digest with the key, so that different values stay different.
"""

from __future__ import annotations

import base64

from forensics.redact.keyed import Key

_LETTERS = bytes([0, *b"x" * 255])
_ZERO_OR_ALL = bytes([0, *b"\xff" * 255])
_DIGEST_CHARS = 16


def blank(data: bytes) -> bytes:
    """Without its content; equal for all contents with zeros at the same places."""
    return data.translate(_LETTERS)


def filled(data: bytes, key: Key) -> bytes:
    """Without its content; other contents give other bytes."""
    size = min(len(data), _DIGEST_CHARS)
    if not size:
        return b""
    digest = base64.b32encode(key.digest(b"value", data))[:size].lower()
    mask = int.from_bytes(data[:size].translate(_ZERO_OR_ALL), "big")
    head = (int.from_bytes(digest, "big") & mask).to_bytes(size, "big")
    return head + blank(data[size:])
