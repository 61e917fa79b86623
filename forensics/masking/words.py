"""The words that are known: plain English, and those of the messages and pages on dqlite and the products on top.

`python -m bench.vocabulary` makes the lists. English: SCOWL, by Kevin Atkinson and others (english.LICENSE).
"""

from __future__ import annotations

import lzma
from functools import cache
from importlib.resources import files

_LISTS = ("english.txt.xz", "messages.txt.xz")


def is_known(word: str) -> bool:
    """It is in a list, in whatever case."""
    return word.lower() in _known()


def is_of_messages(word: str) -> bool:
    """It is one of the words of dqlite's messages and pages, in whatever case."""
    return word.lower() in _words("messages.txt.xz")


@cache
def _known() -> frozenset[str]:
    return frozenset().union(*map(_words, _LISTS))


@cache
def _words(name: str) -> frozenset[str]:
    content = lzma.decompress((files("forensics.masking") / name).read_bytes())
    return frozenset(content.decode("ascii").split())
