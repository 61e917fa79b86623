"""A stored report: validated as the schema says, whole after reading, and clean errors for everything else."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from forensics.errors import InputError
from forensics.report.document import Document
from forensics.report.formats import FORMATS
from forensics.report.schema import PATH, schema_text
from forensics.report.stored import parse_report, read_report
from tests.fixtures import names, report
from tests.report.documents import changed, damaged, hostile_report, samples
from tests.report.refresh_golden import FIXTURES, path_of

SCHEMA: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
VALIDATOR = jsonschema_rs.Draft202012Validator(SCHEMA)


def plain(document: Document) -> dict[str, Any]:
    """As JSON has it."""
    return dict(json.loads(FORMATS["json"].render(document)))


def test_the_shipped_schema_is_the_one_of_the_parts() -> None:
    """Else: `python -m forensics.report.schema`."""
    jsonschema_rs.meta.validate(SCHEMA)
    assert PATH.read_text(encoding="utf-8") == schema_text()


def test_every_field_is_described() -> None:
    for definition in (SCHEMA, *SCHEMA["$defs"].values()):
        assert all(field["description"] for field in definition.get("properties", {}).values())


@pytest.mark.parametrize("name", names())
def test_every_report_holds_to_the_schema(name: str) -> None:
    """And names no key that the schema does not know."""
    written = plain(report(name))
    assert [error.message for error in VALIDATOR.iter_errors(written)] == []
    assert sorted(set(_strangers(written, SCHEMA, "report"))) == []


@pytest.mark.parametrize("name", FIXTURES)
def test_every_golden_holds_to_the_schema(name: str) -> None:
    golden = json.loads(path_of(name, ".json").read_text(encoding="utf-8"))
    assert [error.message for error in VALIDATOR.iter_errors(golden)] == []


def _strangers(value: Any, rule: dict[str, Any], place: str) -> list[str]:
    rule = _resolved(rule)
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


def _resolved(rule: dict[str, Any]) -> dict[str, Any]:
    """What a reference, or what may be null, comes to."""
    if "anyOf" in rule:
        rule = next(choice for choice in rule["anyOf"] if choice.get("type") != "null")
    return SCHEMA["$defs"][rule["$ref"].rpartition("/")[2]] if "$ref" in rule else rule


def test_reading_refuses_what_jsonschema_refuses() -> None:
    """On 200 documents, each with one value replaced or one key taken away."""
    source = random.Random(1)  # noqa: S311 - a fixed choice of mutations
    junk: list[Any] = [None, True, -1, 2**65, 1.5, "", "x", [], {}, [None], {"x": 1}]
    disagreements = []
    invalid = 0
    for _ in range(200):
        document = plain(damaged())
        place = _mutate(document, source, junk)
        theirs = not VALIDATOR.is_valid(document)
        invalid += theirs
        if _is_refused(document) != theirs:
            disagreements.append(place)
    assert disagreements == []
    assert invalid > 50


def _is_refused(document: dict[str, Any]) -> bool:
    try:
        parse_report(json.dumps(document).encode(), "x")
    except InputError:
        return True
    return False


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


def required_only(document: Document) -> dict[str, Any]:
    """The document as an older version may have stored it: nothing but what the schema requires."""
    return dict(_strip(plain(document), SCHEMA))


def _strip(value: Any, rule: dict[str, Any]) -> Any:
    rule = _resolved(rule)
    if isinstance(value, dict) and "properties" in rule:
        return {key: _strip(value[key], rule["properties"][key]) for key in rule.get("required", ())}
    if isinstance(value, list) and "items" in rule:
        return [_strip(item, rule["items"]) for item in value]
    return value


@pytest.mark.parametrize("name", samples())
def test_an_older_report_renders(name: str) -> None:
    older = parse_report(json.dumps(required_only(report(name))).encode(), "x")
    for format_ in FORMATS.values():
        text = format_.render(older)
        assert all(finding.rule in text for finding in older.findings if finding.severity != "info")


def test_what_was_written_reads_back_the_same() -> None:
    document = damaged()
    raw = FORMATS["json"].render(document).encode()
    assert parse_report(raw, "x") == document
    assert FORMATS["json"].render(parse_report(raw, "x")).encode() == raw


def with_changes(**changes: Any) -> bytes:
    return json.dumps(required_only(damaged()) | changes).encode()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "not a report"),
        (b"\xff\xfe\x00", "not a report"),
        (b"{", "not a report"),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "missing required field `schemaVersion`"),
        (b"[" * 100_000, "nested deeper"),
        (b'{"schemaVersion": NaN}', "NaN"),
        (with_changes(schemaVersion=3), "schemaVersion is 3"),
        (with_changes(schemaVersion=True), "schemaVersion"),
        (with_changes(schemaVersion=0), "schemaVersion"),
        (with_changes(findings={}), "Expected `array`, got `object` - at `$.findings`"),
        (with_changes(findings=[1]), "Expected `object`, got `int` - at `$.findings[0]`"),
        (with_changes(clusters=[{}]), "missing required field `database` - at `$.clusters[0]`"),
        (with_changes(verdict={"level": "fine", "summary": ""}), "Invalid enum value 'fine' - at `$.verdict.level`"),
        (with_changes(verdict={"level": "x\x1b" * 200, "summary": ""}), "at `$.verdict.level`"),
        (with_changes(inputs=[{"name": 1, "sha256": "", "size": 1e400, "kind": ""}]), "not a report"),
        (with_changes(inputs=[{"name": "", "sha256": "", "size": 2**64, "kind": ""}]), "more than 64 bits"),
        (with_changes(extra=json.loads("[" * 50 + "]" * 50)), "nested deeper"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_json_is_a_clean_error(raw: bytes, says: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_report(raw, "x.json")
    assert says in str(caught.value)
    assert len(str(caught.value)) < 300
    assert str(caught.value).isprintable()


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


def test_a_part_is_complete_and_stays_as_it_is() -> None:
    document = damaged()
    with pytest.raises(AttributeError):
        document.findings[0].message = "x"  # type: ignore[misc] # that is the point
    with pytest.raises(msgspec.ValidationError):
        changed(document, incomplete="yes")
