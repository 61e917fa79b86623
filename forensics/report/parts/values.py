"""A problem's values as JSON has them: camelCase, enums by their value, times in ISO 8601, what is not set as null."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any

_EXACT_MAX = 2**53  # beyond it, a reader whose numbers are doubles gets another one


def plain(value: object) -> Any:
    """Dataclasses and mappings as objects, tuples as lists, the rest as it is. What `repr` leaves out is no value."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            camel(field.name): plain(getattr(value, field.name)) for field in dataclasses.fields(value) if field.repr
        }
    if isinstance(value, Mapping):
        return {camel(name): plain(item) for name, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, tuple | list | frozenset):
        return [plain(item) for item in (sorted(value) if isinstance(value, frozenset) else value)]
    if isinstance(value, int) and abs(value) > _EXACT_MAX:  # of a bool, too, this is false
        return str(value)
    return value


def camel(name: str) -> str:
    """`last_index` as `lastIndex`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
