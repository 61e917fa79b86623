"""A text's lines with their byte ranges, whatever its encoding and ends of line."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from forensics.evidence import Blob, Span
from forensics.limits import MIB, PASTED_LINE_CHARS_MAX

_NO_LINE_BYTES = MIB  # so much without an end of line is a binary file
UTF_8 = (0, "utf-8", 1)  # as encoding_of gives it where nothing marks another
_MARKS = (  # of byte order: what Windows' tools put before a text
    (codecs.BOM_UTF8, "utf-8", 1),
    (codecs.BOM_UTF16_LE, "utf-16-le", 2),
    (codecs.BOM_UTF16_BE, "utf-16-be", 2),
)
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]{0,500}(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]|\x1b[=>]")
_QUOTED = re.compile(r"^(?:\s{0,3}>\s?)+")
_LOGGED = re.compile(
    r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [\w@./-]+(?:\[\d+\])?: |time=\"|t=\d{4}-|[IWEF]\d{4} \d\d:"
)
_HARD_BLANK = re.compile(r"(?<!\d)[\u00a0\u202f]|[\u00a0\u202f](?!\d)")  # between digits it groups thousands
_MARKUP = re.compile(
    r"</?(?:pre|code|p|br|div|span|tt|blockquote)(?:\s[^<>]{0,200})?/?>|\{(?:code|noformat)[^{}]{0,80}\}"
)


def encoding_of(head: bytes) -> tuple[int, str, int]:
    """Length of the mark of byte order, encoding, and bytes of a code unit, from a text's first bytes."""
    for mark, encoding, width in _MARKS:
        if head.startswith(mark):
            return len(mark), encoding, width
    return UTF_8


def is_logged(line: str) -> bool:
    """A line of a journal, by its prefix. Most of what is searched for listings and YAML is one."""
    return bool(_LOGGED.match(line))


def text_lines(blob: Blob, limit: int) -> Iterator[tuple[str, Span]]:
    """Lines of a text with their byte ranges; lines are cut at PASTED_LINE_CHARS_MAX, the text at `limit` bytes."""
    skipped, encoding, width = encoding_of(blob.read(0, 4))
    end = "\n".encode(encoding)
    most = PASTED_LINE_CHARS_MAX * width
    offset, rest = skipped, b""
    for chunk in blob.chunks():
        pieces = _split(rest + chunk[skipped:], end)
        skipped = 0
        rest = pieces.pop()
        for piece in pieces:
            yield piece[:most].decode(encoding, "replace"), Span(blob.path, offset, len(piece))
            offset += len(piece) + width
        if offset > limit:
            return
        if len(rest) > _NO_LINE_BYTES:  # no line: a binary file
            return
    if rest:
        yield rest[:most].decode(encoding, "replace"), Span(blob.path, offset, len(rest))


def _split(content: bytes, end: bytes) -> list[bytes]:
    """At ends of line that begin at a code unit."""
    if len(end) == 1:
        return content.split(end)
    pieces, start, at = [], 0, content.find(end)
    while at >= 0:
        if at % len(end):
            at = content.find(end, at + 1)
            continue
        pieces.append(content[start:at])
        start = at + len(end)
        at = content.find(end, start)
    return [*pieces, content[start:]]


def clean(line: str) -> str:
    """Without colours, quoting marks of mail and markdown, and the line's end; one kind of blank, a tab as two.

    Of the lines of a journal nothing is to be taken off: what would be is looked for by a character of its first.
    """
    line = _ESCAPES.sub("", line) if "\x1b" in line else line
    line = line.rstrip("\r\n").replace("\t", "  ").rstrip()
    line = line if line.isascii() else _HARD_BLANK.sub(" ", line)
    line = _MARKUP.sub("", line) if "<" in line or "{" in line else line
    line = line.replace("&gt;", ">").replace("&amp;", "&").rstrip() if "&" in line else line.rstrip()
    line = line.removeprefix("\ufeff")
    line = _QUOTED.sub("", line) if line.lstrip().startswith(">") else line
    return line[2:-2] if line.startswith("**") and line.endswith("**") else line
