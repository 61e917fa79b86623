"""The library's message buffer: 256 bytes that are never cleared.

What a failing start reports is whatever the buffer holds at that moment, so messages of earlier steps show through
where a later step fails without a text of its own. Source: canonical/raft src/err.c (errMsgWrap), src/err.h.
"""

from __future__ import annotations

_SIZE = 256  # RAFT_ERRMSG_BUF_SIZE, with the NUL
_SEPARATOR = b": "


class ErrorMessage:
    """One `errmsg` buffer."""

    def __init__(self) -> None:
        self._bytes = b""

    def __str__(self) -> str:
        return self._bytes.decode("utf-8", "replace")

    def set(self, text: str) -> None:
        """Replace the text (ErrMsgPrintf)."""
        self._bytes = _encode(text)

    def wrap(self, prefix: str) -> None:
        """Put `prefix: ` before what the buffer holds; what no longer fits at the end is lost (errMsgWrap)."""
        head = _encode(prefix)
        if len(head) >= _SIZE - len(_SEPARATOR) - 1:
            self._bytes = head
            return
        room = _SIZE - len(head) - len(_SEPARATOR) - 1
        self._bytes = head + _SEPARATOR + self._bytes[:room]


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")[: _SIZE - 1]
