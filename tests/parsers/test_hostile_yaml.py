"""YAML that means harm: nothing ends the process, takes long, or is believed."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.evidence import BytesBlob
from forensics.limits import YAML_BYTES_MAX, YAML_DEPTH_MAX
from forensics.parsers.members import parse_cluster, parse_info
from forensics.parsers.yaml_text import Mapping, Scalar, parse_yaml

SECONDS = 30.0  # on a busy machine; each takes a second or two at most, a quadratic one took minutes
LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
)
NESTED = "[" * (YAML_DEPTH_MAX + 2) + "]" * (YAML_DEPTH_MAX + 2)


def blob(text: str | bytes) -> BytesBlob:
    return BytesBlob("info.yaml", text if isinstance(text, bytes) else text.encode())


HOSTILE = {
    "a megabyte of opening brackets": "[" * (YAML_BYTES_MAX - 1),
    "a megabyte of opening braces": "{" * (YAML_BYTES_MAX - 1),
    "flow pairs": "[a: " * 100_000,
    "dashes": "- " * 300_000,
    "question marks": "? " * 300_000,
    "deep indentation": "".join(" " * depth + "a:\n" for depth in range(1200)),
    "alias bomb": LAUGHS,
    "recursive alias": "&a [*a]",
    "recursive key": "&a {*a : 1}",
    "many anchors": "".join(f"- &a{n} x\n" for n in range(50_000)),
    "the same key again and again": "ID: 1\n" * 100_000,
    "one long key": "k" * 900_000 + ": 1",
    "one long number": "ID: " + "9" * 900_000,
    "a character of two bytes, then many values": "# é\n" + "- {ID: 1, Address: a, Role: 0}\n" * 30_000,
    "python object": "!!python/object/apply:os.system ['true']",
    "an unknown directive": "%FOO bar\n---\nID: 1\n",
    "two documents": "ID: 1\n---\nID: 2\n",
    "NUL inside": "ID: 1\0\nAddress: a\n",
    "tabs": "ID:\t1\n\tAddress: a\n",
    "lone surrogate bytes": b"Address: \xed\xa0\x80\nID: 1\n",
    "not UTF-8": bytes(range(128, 256)),
    "UTF-16": "ID: 1\n".encode("utf-16"),
    "merge key": "<<: {ID: 5}\nAddress: a\n",
    "binary tag": "ID: !!binary aGVsbG8=\n",
    "timestamps and floats": "ID: 2001-12-14\nRole: .inf\nAddress: 0x1F\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_is_answered_soon(text: str | bytes) -> None:
    start = time.monotonic()
    for parse in (parse_yaml, parse_info, parse_cluster):
        parsed = parse(blob(text))
        assert parsed.value is not None or parsed.anomalies
        assert all(0 <= anomaly.at.offset <= len(blob(text).data) for anomaly in parsed.anomalies)
    assert time.monotonic() - start < SECONDS


def test_nesting_stops_at_the_limit() -> None:
    assert [anomaly.code for anomaly in parse_yaml(blob(NESTED)).anomalies] == ["yaml-deep"]
    assert parse_yaml(blob(NESTED[1:-1])).anomalies == ()


def test_aliases_are_not_followed() -> None:
    tracemalloc.start()
    parsed = parse_yaml(blob(LAUGHS))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert {anomaly.code for anomaly in parsed.anomalies} == {"yaml-alias"}
    assert peak < 4 * 1024 * 1024  # the bomb would be two to the twentieth


def test_tags_make_no_objects() -> None:
    value = parse_yaml(blob("ID: !!python/name:os.system ''")).value
    assert isinstance(value, Mapping)
    assert isinstance(value.get("ID"), Scalar)


def test_too_large_is_not_read() -> None:
    parsed = parse_yaml(blob("a" * (YAML_BYTES_MAX + 1)))
    assert [anomaly.code for anomaly in parsed.anomalies] == ["yaml-large"]


@pytest.mark.parametrize("prefix", ["", "# é ü 😀\n", "# " + "é" * 3000 + "\n"])
def test_spans_count_bytes(prefix: str) -> None:
    """The place of the second `Role` in the file, also behind characters of several bytes."""
    text = prefix + "ID: 1\nAddress: a\nRole: 0\nRole: 1\n"
    (anomaly,) = parse_info(blob(text)).anomalies
    assert anomaly.code == "yaml-duplicate-key"
    assert (anomaly.at.offset, anomaly.at.length) == (text.encode().rindex(b"Role"), 4)


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(data: bytes) -> None:
    for parse in (parse_info, parse_cluster):
        parsed = parse(blob(data))
        assert parsed.value is not None or parsed.anomalies


@given(st.text(alphabet="IDAdresRol: 0-\n[]{}&*!|>'\"#%é", max_size=80))
def test_any_text_near_the_format_is_answered(text: str) -> None:
    for parse in (parse_info, parse_cluster):
        parsed = parse(blob(text))
        assert parsed.value is not None or parsed.anomalies
