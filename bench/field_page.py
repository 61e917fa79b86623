"""Every field of report.json as a page: `python -m bench.field_page` writes docs/reference/report-fields.md.

It is made from the JSON Schema, which is made from the document's types: never edited by hand.
tests/test_made_pages.py tells when it is old.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "report-fields.md"
_HEAD = """<!-- written by `python -m bench.field_page` from forensics/report/schema.json; do not edit -->

# Every field of a report

Part by part, from the [JSON Schema](../../forensics/report/schema.json). What the whole is, and what its words mean:
[Reports](report.md).
"""

Schema = dict[str, Any]


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(schema()))


def schema() -> Schema:
    """The JSON Schema of the package."""
    return dict(json.loads((files("forensics.report") / "schema.json").read_text()))


def page(whole: Schema) -> str:
    """The document itself, then its parts in the order in which they are met."""
    parts = {"Document": whole} | whole["$defs"]
    return "\n".join([_HEAD, *(line for name in parts for line in _part(name, parts))])


def _part(name: str, parts: dict[str, Schema]) -> Iterator[str]:
    """A heading and a table; nothing for a choice of words, which stands where it is used."""
    part = parts[name]
    if "properties" not in part:
        return
    yield from (f"## {name}", "", _text(part["description"]), "", "| key | type | meaning |", "|---|---|---|")
    for key, field in part["properties"].items():
        yield f"| `{key}` | {_type(field, parts)} | {_text(field['description'])} |"
    yield ""


def _type(field: Schema, parts: dict[str, Schema]) -> str:
    """In words: `text`, `number or null`, `list of Node`, or the words that it may be."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})" if "properties" in parts[name] else _type(parts[name], parts)
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_type(one, parts) for one in field["anyOf"]))
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "items" in field:
        return f"list of {_type(field['items'], parts)}"
    return f"`{field['const']}`" if "const" in field else _WORDS.get(field.get("type", ""), "any")


_WORDS = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "null": "null",
}


def _text(description: str) -> str:
    """A cell of a table: one line, no bar."""
    return " ".join(description.split()).replace("|", "\\|")


if __name__ == "__main__":
    main()
