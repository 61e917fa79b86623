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
        return _fields({one.name: getattr(value, one.name) for one in dataclasses.fields(value) if one.repr})
    if isinstance(value, Mapping):
        return _fields(value)
    if isinstance(value, frozenset):
        return [plain(item) for item in sorted(value)]
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return _scalar(value)


def _fields(values: Mapping[str, object]) -> dict[str, Any]:
    return {camel(name): plain(item) for name, item in values.items()}


def _scalar(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, int) and abs(value) > _EXACT_MAX:  # never a bool
        return str(value)
    return value


def camel(name: str) -> str:
    """`last_index` as `lastIndex`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
