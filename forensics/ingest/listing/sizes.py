"""Sizes as listings print them → bytes, as an interval where they are rounded."""

from __future__ import annotations

import re
from decimal import Decimal

_SIZE = re.compile(r"(\d{1,18}(?:[.,'\u00a0\u202f]\d{1,3})*)\s?([KMGTPEkmgtpe]?)(i?[Bb]|i)?")
_UNITS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6}


def parse_size(text: str, *, decimal: bool = False) -> tuple[int, int] | None:
    """Smallest and largest number of bytes that print as `text`; None where it is no size.

    `ls -h` rounds up: to a tenth below 10, else to the unit (GNU human.c, human_ceiling). The interval's upper end
    leaves room for tools that round to nearest (tree, file managers). Decimal comma and point are both taken;
    groups of three digits without a unit are thousands.

    Args:
        text: `8388608`, `8.0M`, `8,0M`, `8192 kB`.
        decimal: units may as well be powers of 1000 (`ls --si`), and the interval holds both.
    """
    found = _SIZE.fullmatch(text)
    if found is None:
        return None
    number, unit, suffix = found.groups()
    power = _UNITS[unit.upper()]
    if not power:
        return _exact(number)
    if not re.fullmatch(r"\d{1,18}|\d{1,5}[.,]\d{1,3}", number):
        return None
    value = Decimal(number.replace(",", "."))
    digits = len(re.split("[.,]", number)[1]) if re.search("[.,]", number) else 0
    step = Decimal(1).scaleb(-digits)
    thousands = (decimal or suffix in ("B", "b")) and not (suffix or "").startswith("i")
    return max(int((value - step) * (1000 if thousands else 1024) ** power) + 1, 0), int(
        (value + step / 2) * 1024**power
    )


def is_decimal(text: str) -> bool:
    """A unit as only powers of 1000 are printed by GNU tools: `8.4k`, `84kB`."""
    found = _SIZE.fullmatch(text)
    return found is not None and found[2] == "k"


def parse_printed(text: str) -> int | None:
    """The size as printed, rounded as it is: 3.5G is 3.5 GiB. None if it is no size."""
    interval = parse_size(text)
    if interval is None or interval[0] == interval[1]:
        return interval[1] if interval else None
    found = _SIZE.fullmatch(text)
    return int(Decimal(found[1].replace(",", ".")) * 1024 ** _UNITS[found[2].upper()]) if found else None


def _exact(number: str) -> tuple[int, int] | None:
    if number.isdigit():
        return int(number), int(number)
    if re.fullmatch(r"\d{1,3}(?:[.,'\u00a0\u202f]\d{3}){1,6}", number):
        value = int(re.sub(r"\D", "", number))
        return value, value
    return None
