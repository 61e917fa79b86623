"""Text of the evidence, made fit to be printable: secrets masked, control characters escaped, PEM bodies folded.

What is a secret: docs/reference/secrets.md#what-is-secret. When in doubt it is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from forensics.parsers.secret_values import MASK, masked_inline, names_secret

__all__ = ["MASK", "escaped", "masked_lines"]

_PAIR = re.compile(
    r"""^(?P<indent>[\s>-]*+)(?P<key>"[^"]*"|'[^']*'|[^\s:#"'](?:[^:]*[^\s:])?)"""
    r"""(?P<colon>\s*+:(?:\s+|$))(?P<value>.*)$"""
)
_PEM_BEGIN = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,40})-----")
_PEM_END = "-----END "


def masked_lines(lines: Iterable[str], first: int = 1) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, in order, safe to show. The bodies of PEM blocks are left out, with a note instead."""
    masking = _Masking()
    for number, line in enumerate(lines, first):
        shown = masking.line(line)
        if shown is not None:
            yield number, shown


class _Masking:
    """What earlier lines say of the next: inside of a PEM block, or below a key whose value is secret."""

    def __init__(self) -> None:
        self._in_pem = False
        self._below: int | None = None  # indent of the key

    def line(self, line: str) -> str | None:
        """As it may be shown; None for a line of a PEM body."""
        if self._in_pem:
            return self._pem_line(line)
        if begin := _PEM_BEGIN.search(line):
            what = "masked" if "CERTIFICATE" not in begin[1] else "left out"
            self._in_pem = _PEM_END not in line
            return escaped(f"{line[: begin.end()]} [{what}]")
        indent = len(line) - len(line.lstrip())
        if self._below is not None and (indent > self._below or not line.strip()):
            return " " * indent + (MASK if line.strip() else "")
        return self._other_line(line)

    def _pem_line(self, line: str) -> str | None:
        if _PEM_END not in line:
            return None
        self._in_pem = False
        return escaped(line)

    def _other_line(self, line: str) -> str:
        pair = _PAIR.match(line)
        if pair and names_secret(pair["key"].strip("\"'")):
            self._below = len(pair["indent"])
            return escaped(f"{pair['indent']}{pair['key']}{pair['colon'].rstrip()} {MASK}")
        self._below = None
        return escaped(masked_inline(line))


def escaped(text: str) -> str:
    """One line of the evidence; what a terminal would obey, or a reader not see, is written out as an escape."""
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode("ascii") for c in text)
