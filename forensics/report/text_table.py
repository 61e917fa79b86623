"""A table on a terminal: as narrow as its words allow, long cells on several lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest

_GAP = "  "
_LEGIBLE = 20  # columns; narrower, a sentence becomes a list of words


def table_lines(rows: Sequence[Sequence[str]], width: int) -> Iterator[list[str]]:
    """Of each row, its lines. IDs and addresses stay whole, to be copied, even where that is wider than `width`."""
    widths = _fitted(rows, width)
    for row in rows:
        cells = [_wrapped(cell, size) for cell, size in zip(row, widths, strict=True)]
        yield [
            _GAP.join(part.ljust(size) for part, size in zip(parts, widths, strict=True)).rstrip()
            for parts in zip_longest(*cells, fillvalue="")
        ]


def _wrapped(cell: str, width: int) -> list[str]:
    return textwrap.wrap(cell, width, break_long_words=False, break_on_hyphens=False)


def _fitted(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Characters of each column: the widest give way, none below its longest word or what is legible."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    words = [max(_LEGIBLE, *(len(word) for cell in column for word in cell.split())) for column in columns]
    over = sum(widths) + len(_GAP) * (len(widths) - 1) - width
    while over > 0 and (loose := [at for at, size in enumerate(widths) if size > words[at]]):
        widths[max(loose, key=widths.__getitem__)] -= 1
        over -= 1
    return widths
