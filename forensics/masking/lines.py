"""The lines of a file from the evidence: each as it may be shown, by itself and by what the lines before it say.

Of keys and what stands below them the shape of YAML is followed, without reading it: files that are cut, or no YAML at
all, are masked alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from forensics.masking.positions import MASK, names_secret
from forensics.masking.text import escaped, masked_line

_PAIR = re.compile(
    r"""^(?P<indent>[\s>-]*+)(?P<key>"[^"]*"|'[^']*'|[^\s:#"'](?:[^:]*[^\s:])?)"""
    r"""(?P<colon>\s*+:(?:\s+|$))(?P<value>.*)$"""
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U0{0,3}([0-9a-fA-F]{5}))")
_LAST_WORD = re.compile(r"[\w.-]{1,64}[\"'\],]{0,3}$")
_LAST_WORD_CHARS_MAX = 67  # the pattern has no longer match
_ANSWER = re.compile(r"^(?P<before>\s*(?:-\s+|[\"']?(?:value|default)[\"']?\s*:\s+))(?=\S)|^(?=\S+$)")
_PEM_BEGIN = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,40})-----")
_PEM_END = re.compile(r"-----END [A-Z0-9 ]{1,40}-----|-----END ")


Mask = Callable[[], str]
"""Gives one line as it may be shown."""


def masked_lines(lines: Iterable[str], first: int = 1) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, in order, safe to show. The bodies of PEM blocks are left out, with a note instead."""
    for number, mask in masks_of(lines, first):
        yield number, mask()


def masks_of(lines: Iterable[str], first: int = 1) -> Iterator[tuple[int, Mask]]:
    """The same where few of the lines are shown: to mask one takes ten times as long as what it says of the next."""
    masking = _Masking()
    for number, line in enumerate(lines, first):
        mask = masking.line(line)
        if mask is not None:
            yield number, mask


class _Masking:
    """What earlier lines say of the next: inside of a PEM block, below a key whose value is secret, behind a name."""

    def __init__(self) -> None:
        self._in_pem = False
        self._below: int | None = None  # indent of the key
        self._asked = False  # the line before ended with a secret's name

    def line(self, line: str) -> Mask | None:
        """As it may be shown; None for a line of a PEM body."""
        if self._in_pem:
            return self._pem_line(line)
        if begin := _PEM_BEGIN.search(line):
            what = "masked" if "CERTIFICATE" not in begin[1] else "left out"
            self._in_pem = not _PEM_END.search(line)
            return partial(_around_mask, "", line[: begin.start()], f"{begin[0]} [{what}]")
        indent = len(line) - len(line.lstrip())
        if self._is_below(line, indent):
            return partial(_around_mask, " " * indent, "", MASK if line.strip() else "")
        return self._other_line(line, indent)

    def _is_below(self, line: str, indent: int) -> bool:
        """Of the value of a secret key: deeper, or an item of its list, or what an explicit key stands for."""
        if self._below is None:
            return False
        return not line.strip() or indent > self._below or (indent == self._below and line[indent] in "-:")

    def _pem_line(self, line: str) -> Mask | None:
        end = _PEM_END.search(line)
        if end is None:
            return None
        self._in_pem = False
        indent = len(line) - len(line.lstrip())
        return partial(_around_mask, f"{line[:indent]}{end[0]}", line[end.end() :])

    def _other_line(self, line: str, indent: int) -> Mask:
        asked, self._asked = self._asked, _asks(line)
        self._below = None
        if line[indent : indent + 1] == "?":  # a key of several lines: no writer of these files has one
            self._below = indent
        elif asked and (answer := _ANSWER.match(line)):
            return partial(_around_mask, answer["before"] or "", "", MASK)
        pair = _PAIR.match(line)
        if pair and names_secret(_unescaped(pair["key"])):
            self._below = len(pair["indent"])
            return partial(_around_mask, pair["indent"], pair["key"], f"{pair['colon'].rstrip()} {MASK}")
        return partial(_around_mask, "", line)


def _around_mask(before: str, masked: str, behind: str = "") -> str:
    """A line of which the middle may hold secrets."""
    return escaped(f"{before}{masked_line(masked) if masked else ''}{behind}")


def _asks(line: str) -> bool:
    """It ends with the name of a secret."""
    last = _LAST_WORD.search(line.rstrip()[-_LAST_WORD_CHARS_MAX:])
    return last is not None and names_secret(last[0].rstrip("\"'],"))


def _unescaped(key: str) -> str:
    """A key between double quotes may be written in escapes."""
    text = key.strip("\"'")
    return _ESCAPE.sub(lambda found: chr(int(next(filter(None, found.groups())), 16)), text)
