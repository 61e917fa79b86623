"""A document made whole for renderers: what an older version did not know yet is there, and empty.

What empty means is the schema's to say: its `default`, else null where that is allowed, else its type's empty value.
"""

from __future__ import annotations

import copy
from typing import Any

from forensics.report.document import Document
from forensics.report.validate import resolved, schema

_EMPTY: dict[str, Any] = {"array": [], "string": "", "boolean": False, "integer": 0, "number": 0}


def fill(document: Document) -> Document:
    """The document with every key that the schema knows, its own keys in their order; the argument stays as it is."""
    whole: Document = _filled(document, schema())
    for cluster in whole["clusters"]:
        cluster["product"] = cluster["product"] or cluster["database"]
    for finding in whole["suppressed"]:
        finding["suppression"] = finding["suppression"] or {"reason": "", "expires": None}
    return whole


def _filled(value: Any, rule: dict[str, Any]) -> Any:
    rule = resolved(rule)
    if isinstance(value, list):
        return [_filled(item, rule["items"]) for item in value] if "items" in rule else value
    if not isinstance(value, dict) or "properties" not in rule:
        return value
    known = rule["properties"]
    whole = {key: _filled(inner, known[key]) if key in known else inner for key, inner in value.items()}
    return whole | {key: _default(inner) for key, inner in known.items() if key not in value}


def _default(rule: dict[str, Any]) -> Any:
    if "default" in rule:
        return copy.deepcopy(rule["default"])
    rule = resolved(rule)
    types = rule.get("type", [])
    if "null" in types or None in rule.get("enum", []):
        return None
    if types == "object":
        return _filled({}, rule)
    return copy.deepcopy(_EMPTY.get(types if isinstance(types, str) else types[0] if types else "string", ""))
