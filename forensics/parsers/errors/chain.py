"""A message → the links of its chain, outermost first.

Go programs write `outer: inner: innermost`; gRPC `rpc error: code = X desc = inner`; Juju, Python and shells `outer
(caused by inner)`, `outer because inner`. A colon inside of quotes, brackets, addresses and URLs parts nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from forensics.limits import CHAIN_LINKS_MAX

_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_GRPC = re.compile(r"rpc error: code = (\w+) desc = ")
_BECAUSE = re.compile(
    r"(?i)(?<![ (])[ (]*\b(?:caused by|because of|because|due to|reason|cause|err(?:or)?(?= ?=))[:=]?\s+"
)
_ENDS_CUT = re.compile(r"(?:\.\.\.|…|:|->|=|\bdesc|(?<!\ban )\berror|\berr)\s*[\"'`]*$")
_EMPTY = re.compile(
    r"(?i)(?:exit (?:status|code) (?!13[2-9]\b)\d+|status \d+|"
    r"error|failed|failure|unknown(?: error)?|\(?\d*\)?|none|nil|null|fatal|"
    r"try: \d+|internal error|command failed|generic error|unspecified|last error|%!\w\(<?nil>?\))\W*"
)


@dataclass(frozen=True, slots=True)
class Chain:
    """The links, outermost first, without those that say nothing; `cut`: its inner end is missing, or says nothing."""

    links: tuple[str, ...]
    cut: bool


def chain_of(message: str) -> Chain:
    """The chain of one message."""
    text = _BECAUSE.sub(": ", _GRPC.sub(r"rpc \1: ", message))
    parts = [part.strip(" \t\"'`;,.") for part in _split(text)][:CHAIN_LINKS_MAX]
    said = tuple(part for part in parts if part and not _EMPTY.fullmatch(part))
    told = [part for part in parts if part]
    cut = bool(_ENDS_CUT.search(message.rstrip())) or (len(told) > 1 and told[-1] not in said)
    return Chain(said, cut)


def _split(text: str) -> list[str]:
    """At `: ` (or `; `) outside of brackets; a quoted text is split as well, being a chain of its own."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        if char in _BRACKETS:
            depth += 1
        elif char in _BRACKETS.values():
            depth = max(depth - 1, 0)
        elif char in ":;" and depth == 0 and (at + 1 == len(text) or text[at + 1] in " \t\"'`“"):
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    return parts
