"""Text of the evidence, made fit to be printable: secrets masked, control characters escaped, PEM bodies folded.

What is a secret: docs/reference/secrets.md#what-is-secret. When in doubt it is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from forensics.parsers.printable import without_blobs

MASK = "[masked]"
_SECRET_KEY = re.compile(
    r"(?i)secret|token|passw|passphrase|private|credential|keyring|(^|[^a-z])(key|psk|auth)$|keydata$"
)
_PAIR = re.compile(
    r"""^(?P<indent>[\s>-]*+)(?P<key>"[^"]*"|'[^']*'|[^\s:#"'](?:[^:]*[^\s:])?)"""
    r"""(?P<colon>\s*+:(?:\s+|$))(?P<value>.*)$"""
)
_INLINE = re.compile(
    r"(?i)((?:secret|token|passw(?:or)?d|passphrase|bearer|api[-_]?key|private[-_]?key)[\"']?"
    r"\s{0,64}[:= ]\s{0,64}[\"']?)[^\s\"',;}\]]{6,}"
)
_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*){0,2}")
_BASE64_LINE = re.compile(r"^\s*[A-Za-z0-9+/_=-]{40,}\s*$")
_PEM_BEGIN = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,40})-----")
_PEM_END = "-----END "


def masked_lines(lines: Iterable[str], first: int = 1) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, in order, safe to show. The bodies of PEM blocks are left out, with a note instead."""
    pem = ""
    deeper_than: int | None = None
    for number, line in enumerate(lines, first):
        if pem:
            if _PEM_END in line:
                pem = ""
                yield number, escaped(line)
            continue
        if begin := _PEM_BEGIN.search(line):
            what = "masked" if "CERTIFICATE" not in begin[1] else "left out"
            yield number, escaped(f"{line[: begin.end()]} [{what}]")
            pem = "" if _PEM_END in line else begin[1]
            continue
        indent = len(line) - len(line.lstrip())
        if deeper_than is not None and (indent > deeper_than or not line.strip()):
            yield number, " " * indent + (MASK if line.strip() else "")
            continue
        deeper_than = None
        pair = _PAIR.match(line)
        if pair and _SECRET_KEY.search(pair["key"].strip("\"'")):
            deeper_than = len(pair["indent"])
            yield number, escaped(f"{pair['indent']}{pair['key']}{pair['colon'].rstrip()} {MASK}")
            continue
        yield number, escaped(_masked_inline(line))


def escaped(text: str) -> str:
    """One line of the evidence; what a terminal would obey, or a reader not see, is written out as an escape."""
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode("ascii") for c in text)


def _masked_inline(line: str) -> str:
    if _BASE64_LINE.match(line):
        return MASK
    return without_blobs(_JWT.sub(MASK, _INLINE.sub(rf"\1{MASK}", line)), MASK)
