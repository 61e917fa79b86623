"""YAML as evidence: safe, bounded, and honest about duplicate keys, aliases, and files that are empty or cut.

PyYAML does the parsing. Scalars keep their text: IDs are 64-bit and unsigned, and a wrong type is itself a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from forensics.evidence import Anomaly, Blob, Parsed, Span
from forensics.limits import YAML_ANOMALIES_MAX, YAML_BYTES_MAX, YAML_DEPTH_MAX, YAML_NODES_MAX

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf: its text, YAML's own idea of its type (`int`, `str`, `null`, …), and where it stands."""

    text: str
    kind: str
    at: Span


@dataclass(frozen=True, slots=True)
class Mapping:
    """Pairs in file order; of a key that stands twice, both are kept."""

    pairs: tuple[tuple[str, Value], ...]
    at: Span

    def get(self, key: str) -> Value | None:
        """The value that a YAML reader would keep: the last one of that key."""
        return next((value for name, value in reversed(self.pairs) if name == key), None)

    def text(self, key: str) -> str | None:
        """The text of a scalar value, or None where there is none."""
        value = self.get(key)
        return value.text if isinstance(value, Scalar) and value.kind != "null" else None

    @property
    def names(self) -> tuple[str, ...]:
        """The keys in file order."""
        return tuple(name for name, _ in self.pairs)


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items in file order."""

    items: tuple[Value, ...]
    at: Span


Value = Scalar | Mapping | Sequence


def parse_yaml(blob: Blob) -> Parsed[Value]:
    """Read one document. What cannot be read at all gives None and an anomaly that says where."""
    if blob.size > YAML_BYTES_MAX:
        return Parsed(
            None, (Anomaly("yaml-large", blob.span(), f"it has {blob.size} bytes, and the limit is {YAML_BYTES_MAX}"),)
        )
    raw = blob.read()
    if not raw.strip():
        return Parsed(None, (Anomaly("yaml-empty", blob.span(), "it has no content"),))
    if not raw.strip(b"\0"):
        return Parsed(None, (Anomaly("yaml-zeros", blob.span(), f"all of its {len(raw)} bytes are zero"),))
    reader = _Reader(blob, raw.decode("utf-8", "replace"))
    try:
        value = reader.document()
    except yaml.MarkedYAMLError as error:
        return Parsed(None, (*reader.anomalies, reader.syntax(error)))
    except yaml.YAMLError as error:  # a byte that YAML does not allow
        detail = f"it is not YAML ({type(error).__name__} at character {getattr(error, 'position', 0)})"
        return Parsed(None, (*reader.anomalies, Anomaly("yaml-syntax", blob.span(), detail)))
    return Parsed(value, tuple(reader.anomalies[:YAML_ANOMALIES_MAX]))


_BLOCK = 1024  # characters


class _TooMuchError(yaml.MarkedYAMLError):
    """A bound was met."""


class _SecondDocumentError(yaml.MarkedYAMLError):
    """Go's readers take the first one, and pass over the rest (measured with yaml.v2)."""


_CODES: dict[type[yaml.MarkedYAMLError], str] = {_TooMuchError: "yaml-deep", _SecondDocumentError: "yaml-documents"}


class _Reader:
    """Builds values from PyYAML's events, and notes what a plain load would hide.

    Events, not nodes: the C composer recurses on the C stack, and a megabyte of `[` ends the process.
    """

    def __init__(self, blob: Blob, text: str) -> None:
        self._blob = blob
        self._text = text
        self._nodes = 0
        self._loader = Loader(text)
        self._bytes_before = [0]  # of each block of characters
        self.anomalies: list[Anomaly] = []

    def document(self) -> Value | None:
        try:
            while self._loader.check_event(yaml.StreamStartEvent, yaml.DocumentStartEvent):
                self._loader.get_event()
            if self._loader.check_event(yaml.StreamEndEvent):
                self.anomalies.append(Anomaly("yaml-empty", self._blob.span(), "it has only comments or markers"))
                return None
            value = self._value(0)
            self._loader.get_event()
            if not self._loader.check_event(yaml.StreamEndEvent):
                raise _SecondDocumentError(
                    problem="a second document", problem_mark=self._loader.get_event().start_mark
                )
            return value
        finally:
            self._loader.dispose()

    def syntax(self, error: yaml.MarkedYAMLError) -> Anomaly:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        offset = self._offset(mark) if mark else 0
        code = _CODES.get(type(error), "yaml-syntax")
        return Anomaly(code, self._blob.span(offset, 1), f"{where}{error.problem or error.context or 'not YAML'}")

    def _value(self, depth: int) -> Value:
        event = self._loader.get_event()
        self._nodes += 1
        if depth > YAML_DEPTH_MAX or self._nodes > YAML_NODES_MAX:
            raise _TooMuchError(problem="nested too deep, or too many values", problem_mark=event.start_mark)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not self._loader.check_event(yaml.SequenceEndEvent):
                items.append(self._value(depth + 1))
            return Sequence(tuple(items), self._span(event, self._loader.get_event()))
        if isinstance(event, yaml.AliasEvent):
            # No writer of these files uses anchors; what they would stand for is not guessed.
            self.anomalies.append(Anomaly("yaml-alias", self._span(event, event), f"alias *{event.anchor}"))
            return Scalar("", "alias", self._span(event, event))
        tag = event.tag or self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        return Scalar(event.value, tag.rsplit(":", 1)[-1], self._span(event, event))

    def _mapping(self, start: yaml.Event, depth: int) -> Mapping:
        pairs: list[tuple[str, Value]] = []
        seen: set[str] = set()
        while not self._loader.check_event(yaml.MappingEndEvent):
            key_value = self._value(depth + 1)
            key = key_value.text if isinstance(key_value, Scalar) else "?"
            if key in seen:
                self.anomalies.append(Anomaly("yaml-duplicate-key", key_value.at, f"the key {key!r} appears twice"))
            seen.add(key)
            pairs.append((key, self._value(depth + 1)))
        return Mapping(tuple(pairs), self._span(start, self._loader.get_event()))

    def _span(self, first: yaml.Event, last: yaml.Event) -> Span:
        start, end = self._offset(first.start_mark), self._offset(last.end_mark)
        return self._blob.span(start, max(end - start, 0))

    def _offset(self, mark: Any) -> int:
        """Marks count characters, spans count bytes."""
        if self._text.isascii():
            return int(mark.index)
        block: int = mark.index // _BLOCK
        while len(self._bytes_before) <= block:  # a million characters would otherwise be encoded for every value
            start = (len(self._bytes_before) - 1) * _BLOCK
            self._bytes_before.append(self._bytes_before[-1] + len(self._text[start : start + _BLOCK].encode()))
        rest = self._text[block * _BLOCK : mark.index]
        return self._bytes_before[block] + len(rest.encode())
