"""The library's message buffer: 256 bytes that are never cleared.

What a failing start reports is whatever the buffer holds at that moment, so messages of earlier steps show through
where a later step fails without a text of its own. Source: canonical/raft src/err.c (errMsgWrap), src/err.h.
"""

from __future__ import annotations

_SIZE = 256  # RAFT_ERRMSG_BUF_SIZE, with the NUL
_SEPARATOR = b": "


class ErrorMessage:
    """One `errmsg` buffer, and the same as it may be shown: a number in it can be 8 bytes of the file's content."""

    def __init__(self) -> None:
        self._bytes = b""
        self._shown = b""

    def __str__(self) -> str:
        return self._bytes.decode("utf-8", "replace")

    @property
    def shown(self) -> str:
        """The text without what may be content of a file."""
        return self._shown.decode("utf-8", "replace")

    def set(self, text: str, shown: str | None = None) -> None:
        """Replace the text (ErrMsgPrintf); `shown` where it holds what must not be shown."""
        self._bytes = _encode(text)
        self._shown = self._bytes if shown is None else _encode(shown)

    def wrap(self, prefix: str) -> None:
        """Put `prefix: ` before what the buffer holds; what no longer fits at the end is lost (errMsgWrap)."""
        head = _encode(prefix)
        self._bytes, self._shown = (_wrapped(head, held) for held in (self._bytes, self._shown))


def _wrapped(head: bytes, held: bytes) -> bytes:
    if len(head) >= _SIZE - len(_SEPARATOR) - 1:
        return head
    return head + _SEPARATOR + held[: _SIZE - len(head) - len(_SEPARATOR) - 1]


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")[: _SIZE - 1]
