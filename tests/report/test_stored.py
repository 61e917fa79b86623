"""A stored report: validated as the schema says, whole after reading, and clean errors for everything else."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from forensics.errors import InputError
from forensics.report.document import Document
from forensics.report.formats import FORMATS
from forensics.report.stored import parse_report, read_report
from forensics.report.validate import problems, schema
from tests.fixtures import names, report
from tests.report.documents import damaged, hostile_report, samples

VALIDATOR = jsonschema.Draft202012Validator(schema())


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", names())
def test_every_report_holds_to_the_schema(name: str) -> None:
    """And names no key that the schema does not know: additions are welcome, and belong into schema.json."""
    assert problems(report(name)) == []
    assert sorted(set(_strangers(report(name), schema(), "report"))) == []


@pytest.mark.parametrize("name", samples())
def test_jsonschema_says_so_too(name: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(report(name))] == []


def _strangers(value: Any, rule: dict[str, Any], place: str) -> list[str]:
    if "$ref" in rule:
        rule = schema()["$defs"][rule["$ref"].rpartition("/")[2]]
    found: list[str] = []
    if isinstance(value, dict) and "properties" in rule:
        for key, inner in value.items():
            if key not in rule["properties"]:
                found.append(f"{place}.{key}")
            else:
                found += _strangers(inner, rule["properties"][key], f"{place}.{key}")
    if isinstance(value, list) and "items" in rule:
        for item in value:
            found += _strangers(item, rule["items"], f"{place}[]")
    return found


def test_our_validator_agrees_with_jsonschema() -> None:
    """On 200 documents, each with one value replaced or one key taken away."""
    source = random.Random(1)  # noqa: S311 - a fixed choice of mutations
    junk: list[Any] = [None, True, -1, 2**65, 1.5, "", "x", [], {}, [None], {"x": 1}]
    disagreements = []
    invalid = 0
    for _ in range(200):
        document = damaged()
        place = _mutate(document, source, junk)
        ours, theirs = bool(problems(document)), not VALIDATOR.is_valid(document)
        invalid += theirs
        if ours != theirs:
            disagreements.append(place)
    assert disagreements == []
    assert invalid > 50


def _mutate(document: Any, source: random.Random, junk: list[Any]) -> str:
    place = "report"
    while True:
        keys: list[Any] = list(document) if isinstance(document, dict) else list(range(len(document)))
        key = source.choice(keys)
        place += f".{key}"
        inner = document[key]
        if isinstance(inner, dict | list) and inner and source.random() < 0.8:
            document = inner
            continue
        if isinstance(document, dict) and source.random() < 0.3:
            del document[key]
        else:
            document[key] = copy.deepcopy(source.choice(junk))
        return place


def contract_only(document: Document) -> Document:
    """The document as an older version would have stored it: nothing but what the schema requires."""
    return dict(_strip(document, schema()))


def _strip(value: Any, rule: dict[str, Any]) -> Any:
    if "$ref" in rule:
        rule = schema()["$defs"][rule["$ref"].rpartition("/")[2]]
    if isinstance(value, dict) and "properties" in rule:
        return {key: _strip(value[key], rule["properties"][key]) for key in rule["required"]}
    if isinstance(value, list) and "items" in rule:
        return [_strip(item, rule["items"]) for item in value]
    return value


@pytest.mark.parametrize("name", samples())
def test_an_older_report_renders(name: str) -> None:
    older = contract_only(report(name))
    for format_ in FORMATS.values():
        text = format_.render(older)
        assert all(finding["rule"] in text for finding in older["findings"] if finding["severity"] != "info")


def test_what_was_written_reads_back_the_same() -> None:
    document = damaged()
    raw = FORMATS["json"].render(document).encode()
    assert parse_report(raw, "x") == document
    assert FORMATS["json"].render(parse_report(raw, "x")).encode() == raw


def with_changes(**changes: Any) -> bytes:
    return json.dumps(contract_only(damaged()) | changes).encode()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "not a report"),
        (b"\xff\xfe\x00", "not a report"),
        (b"{", "not a report"),
        (b"[]", "report is array, not object"),
        (b"{}", "has no schemaVersion"),
        (b"[" * 100_000, "nested deeper"),
        (b'{"schemaVersion": NaN}', "NaN"),
        (with_changes(schemaVersion=3), "schemaVersion is 3"),
        (with_changes(schemaVersion=True), "schemaVersion"),
        (with_changes(findings={}), "findings is object, not array"),
        (with_changes(findings=[1]), "findings[0] is integer"),
        (with_changes(clusters=[{}]), "has no database"),
        (with_changes(verdict={"level": "fine", "summary": ""}), "verdict.level is not one of"),
        (with_changes(inputs=[{"name": 1, "sha256": "", "size": 1e400, "kind": ""}]), "not a report"),
        (with_changes(extra=json.loads("[" * 50 + "]" * 50)), "nested deeper"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_json_is_a_clean_error(raw: bytes, says: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_report(raw, "x.json")
    assert says in str(caught.value)
    assert len(str(caught.value)) < 300


def test_half_a_surrogate_pair_can_be_written_again() -> None:
    document = parse_report(with_changes(verdict={"level": "unknown", "summary": "a\ud800b"}), "x")
    for format_ in FORMATS.values():
        format_.render(document).encode("utf-8")


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_report(str(tmp_path / "none.json"))


def test_hostile_strings_survive_the_round_trip() -> None:
    raw = FORMATS["json"].render(hostile_report()).encode()
    assert parse_report(raw, "x") == hostile_report()
