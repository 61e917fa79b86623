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


@cache
def _known() -> frozenset[str]:
    folder = files("forensics.masking")
    return frozenset(
        word for name in _LISTS for word in lzma.decompress((folder / name).read_bytes()).decode("ascii").split()
    )
