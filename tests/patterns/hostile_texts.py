"""Texts that are hard for one regular expression, made from its own parts.

A pattern that looks back does its worst where a repeat fits long and what follows does not fit. So for each repeat:
what leads to it, then what it repeats, over and over, then a character that ends no match.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any, Final

sre: Any = importlib.import_module("re._constants")  # they have no stubs
parser: Any = importlib.import_module("re._parser")

_PROBES: Final = "a0 /:.-_=,\"'\\(<[x\t\n#"
_LONG: Final = 8  # a repeat that fits at least so often is worth pumping
_LIKED: Final = "aZ0 -_/.:=,\"'\\(\t\n~"


def hostile_texts(pattern: str | bytes, flags: int, chars: int) -> Iterator[str]:
    """Texts of about so many characters."""
    raw = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    tree = parser.parse(raw, flags)
    pumps = {pump for _, pump in _repeats(tree, "")} | set(_PROBES)
    leads = {lead for lead, _ in _repeats(tree, "")} | {""}
    for pump in sorted(pumps):
        for end in ("\x00", "!", ""):
            yield (pump * (chars // len(pump) + 1))[:chars] + end
    for lead, pump in sorted(set(_repeats(tree, ""))):
        for more in {pump, *(char for char in _PROBES if char in pump)}:
            yield lead + (more * (chars // len(more) + 1))[:chars] + "\x00"
        yield ((lead + pump * 3) * (chars // len(lead + pump) + 1))[:chars]
        yield ((lead + pump * 40) * (chars // len(lead + pump) + 1))[:chars]
    for lead in sorted(leads):
        for probe in _PROBES:
            yield lead + probe * chars + "\x00"


def _repeats(tree: Any, lead: str) -> Iterator[tuple[str, str]]:
    """(what leads to it, what it repeats) of each long repeat."""
    for operator, value in tree:
        for branch in _parts(operator, value):
            yield from _repeats(branch, lead)
        if operator in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT} and value[1] >= _LONG:
            for one in _ways(value[2]):
                if one:
                    yield lead, one
        lead += _shortest([(operator, value)])


def _parts(operator: Any, value: Any) -> list[Any]:
    if operator is sre.SUBPATTERN:
        return [value[3]]
    if operator is sre.BRANCH:
        return list(value[1])
    if operator in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
        return [value[2]]
    if operator in {sre.ASSERT, sre.ASSERT_NOT}:
        return [value[1]]
    if operator is sre.ATOMIC_GROUP:
        return [value]
    return []


def _ways(tree: Any) -> list[str]:
    """Some short texts that fit: each branch once, and each kind of character."""
    items = list(tree)
    if len(items) == 1:
        operator, value = items[0]
        if operator is sre.BRANCH:
            return [text for branch in value[1] for text in _ways(branch)]
        if operator is sre.SUBPATTERN:
            return _ways(value[3])
        if operator in {sre.IN, sre.ANY, sre.NOT_LITERAL, sre.CATEGORY}:
            return [char for char in _LIKED if _fits(operator, value, char)][:6] or [_shortest(items)]
    return [_shortest(items)]


def _shortest(tree: Any) -> str:
    """One short text that fits; lookarounds and backward references count as empty."""
    text = ""
    for operator, value in tree:
        if operator is sre.LITERAL:
            text += chr(value)
        elif operator in {sre.IN, sre.ANY, sre.NOT_LITERAL}:
            text += next((char for char in _LIKED + _EVERY if _fits(operator, value, char)), "")
        elif operator is sre.BRANCH:
            text += min((_shortest(branch) for branch in value[1]), key=len)
        elif operator in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
            text += _shortest(value[2]) * value[0]
        elif operator is sre.SUBPATTERN:
            text += _shortest(value[3])
        elif operator is sre.ATOMIC_GROUP:
            text += _shortest(value)
    return text


_EVERY: Final = "".join(map(chr, range(1, 256))) + "\u2018\u2019\u2013\u2500"
_CATEGORIES: Final[dict[Any, Callable[[str], bool]]] = {
    sre.CATEGORY_DIGIT: str.isdigit,
    sre.CATEGORY_SPACE: str.isspace,
    sre.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
}
_INVERSE: Final = {
    sre.CATEGORY_NOT_DIGIT: sre.CATEGORY_DIGIT,
    sre.CATEGORY_NOT_SPACE: sre.CATEGORY_SPACE,
    sre.CATEGORY_NOT_WORD: sre.CATEGORY_WORD,
}


def _fits(operator: Any, value: Any, char: str) -> bool:
    """Whether a set of characters has this one."""
    if operator is sre.ANY:
        return char != "\n"
    if operator is sre.LITERAL:
        return bool(ord(char) == value)
    if operator is sre.NOT_LITERAL:
        return bool(ord(char) != value)
    if operator is sre.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    if operator is sre.CATEGORY:
        return not _CATEGORIES[_INVERSE[value]](char) if value in _INVERSE else _CATEGORIES[value](char)
    inverted = bool(value) and value[0][0] is sre.NEGATE
    return inverted != any(_fits(one, what, char) for one, what in value if one is not sre.NEGATE)
