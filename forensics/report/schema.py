"""The JSON Schema of report.json, made from the document's parts.

`python -m forensics.report.schema` writes the shipped file, schema.json, anew.
"""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

import msgspec

from forensics.report import document as doc

PATH = Path(__file__).parent / "schema.json"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FIELD = re.compile(r"    (\w+): (.*)")


def make_schema() -> dict[str, Any]:
    """The schema: the docstrings of the parts are its descriptions."""
    parts = {name: part for name, part in vars(doc).items() if inspect.isclass(part) and issubclass(part, doc.Part)}
    definitions = msgspec.json.schema(doc.Document)["$defs"]
    described = {name: _described(definition, parts.get(name)) for name, definition in definitions.items()}
    return {"$schema": _DIALECT, **described.pop("Document"), "$defs": described}


def schema_text() -> str:
    """As the shipped file has it."""
    return json.dumps(make_schema(), indent=1, ensure_ascii=False) + "\n"


def _described(definition: dict[str, Any], part: type[doc.Part] | None) -> dict[str, Any]:
    """With a part's docstring in place of its class's name; the words of an enum speak for themselves."""
    bare = {key: value for key, value in definition.items() if key not in ("title", "description")}
    if part is None:
        return bare
    text, _, attributes = (inspect.getdoc(part) or "").partition("\n\nAttributes:\n")
    told = _told(attributes)
    for field in msgspec.structs.fields(part):
        bare["properties"][field.encode_name]["description"] = told[field.name]
    return {"description": " ".join(text.split()), **bare}


def _told(attributes: str) -> dict[str, str]:
    """Each field with its text, of the lines below `Attributes:`."""
    told: dict[str, str] = {}
    name = ""
    for line in attributes.splitlines():
        if found := _FIELD.fullmatch(line):
            name = found[1]
            told[name] = found[2]
        else:
            told[name] += f" {line.strip()}"
    return told


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
