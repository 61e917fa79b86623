"""The shipped JSON Schema (schema.json), applied without a library: the part of the standard that it uses.

A test holds this equal to the `jsonschema` package.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

PROBLEMS_MAX = 20  # the first few say it all
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of report.json."""
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))
    return loaded


def resolved(rule: dict[str, Any]) -> dict[str, Any]:
    """The rule that a `$ref` leads to; any other as it is."""
    if "$ref" in rule:
        return dict(schema()["$defs"][rule["$ref"].removeprefix("#/$defs/")])
    return rule


def problems(document: object) -> list[str]:
    """Where the document does not hold to the schema, `place: what is wrong`; empty where it does."""
    found = []
    for problem in _check(document, schema(), "report"):
        found.append(problem)
        if len(found) == PROBLEMS_MAX:
            break
    return found


def _check(value: Any, rule: dict[str, Any], place: str) -> Iterator[str]:
    rule = resolved(rule)
    wanted = rule.get("type")
    if wanted is not None and not _is_any(value, [wanted] if isinstance(wanted, str) else wanted):
        yield f"{place} is {_name(value)}, not {wanted if isinstance(wanted, str) else ' or '.join(wanted)}"
        return
    if "enum" in rule and value not in rule["enum"]:
        yield f"{place} is not one of {', '.join(map(str, rule['enum']))}"
    if isinstance(value, int) and not isinstance(value, bool):
        if value < rule.get("minimum", value):
            yield f"{place} is below {rule['minimum']}"
        if value > rule.get("maximum", value):
            yield f"{place} is above {rule['maximum']}"
    if isinstance(value, dict):
        yield from _check_object(value, rule, place)
    if isinstance(value, list) and "items" in rule:
        for number, item in enumerate(value):
            yield from _check(item, rule["items"], f"{place}[{number}]")


def _check_object(value: dict[str, Any], rule: dict[str, Any], place: str) -> Iterator[str]:
    yield from (f"{place} has no {key}" for key in rule.get("required", ()) if key not in value)
    for key, inner in rule.get("properties", {}).items():
        if key in value:
            yield from _check(value[key], inner, f"{place}.{key}")


def _is_any(value: Any, names: list[str]) -> bool:
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, _TYPES[name]) for name in names)


def _name(value: object) -> str:
    return next(name for name, types in _TYPES.items() if _is_any(value, [name]) and types)
