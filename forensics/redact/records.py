"""Records of SQLite: the values of a row or of an index entry, replaced in place; types, numbers and sizes stay.

A text is looked at up to a bound alone, the same in a table and in its indexes, so that both hold the same afterwards.
Source: sqlite.org/fileformat2.html, "Record Format".
"""

from __future__ import annotations

import codecs
import re

from forensics.parsers.sqlite_page import value_bytes, varint
from forensics.redact.stale import blank, filled
from forensics.redact.texts import Texts

_TEXT_BYTES_MAX = 400  # of an index entry that goes on elsewhere, 489 bytes or more are in its page
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
_SCHEMA = re.compile(rb"(?:table|index|view|trigger)")
_CREATE = re.compile(rb"CREATE\s", re.IGNORECASE)
_PROTOBUF = re.compile(rb"k8s\0\n[\x00-\x7f]\n([\x00-\x7f])([A-Za-z0-9./]+?)\x12([\x00-\x7f])([A-Za-z]+)(?=\x12)")
_KUBERNETES = re.compile(rb"(?:[a-z]+(?:\.[a-z]+)*\.k8s\.io/|[a-z]+/)?v\d{1,2}(?:(?:alpha|beta)\d{1,2})?")


def cleaned_record(data: bytes, texts: Texts) -> bytes | None:
    """A record, or as much of it as lies in its page; None where it is none."""
    found = _values(data)
    if found is None:
        return None
    values, body = found
    if _is_of_schema(values):
        texts.keep(values[2][1])  # the table's name: tables of SQLite's own name it in their rows
        return data
    new = b"".join(_value(serial, raw, texts) for serial, raw in values)
    return data[:body] + new + blank(data[body + len(new) :])


def is_of_schema(data: bytes) -> bool:
    """As much of a record as lies in its page is one of sqlite_schema."""
    found = _values(data)
    return found is not None and _is_of_schema(found[0])


def _values(data: bytes) -> tuple[list[tuple[int, bytes]], int] | None:
    """Serial type and bytes of each value, as far as they are there, and where the first one begins.

    None where the record's head is cut off, or has a type that is unknown.
    """
    try:
        body, at = varint(data, 0)
        values, value = [], body
        while at < body:
            serial, at = varint(data, at)
            size = value_bytes(serial)
            values.append((serial, data[value : value + size]))
            value += size
    except IndexError:
        return None
    return (values, body) if at == body and not any(serial in (10, 11) for serial, _ in values) else None


def _is_of_schema(values: list[tuple[int, bytes]]) -> bool:
    """A row of sqlite_schema: type, name, table, root page, SQL."""
    if len(values) != 5 or not _SCHEMA.fullmatch(values[0][1]):
        return False
    serial, sql = values[4]
    return serial == 0 or _CREATE.match(sql) is not None


def _value(serial: int, raw: bytes, texts: Texts) -> bytes:
    if serial < 12 or not raw:
        return raw
    if serial % 2:
        if raw.startswith(_CERTIFICATE) and (new := _certificate(raw, texts)) is not None:
            return new
        start = raw[:_TEXT_BYTES_MAX]
        return (texts.strict(start) if _is_utf8(start) else filled(start, texts.key)) + blank(raw[_TEXT_BYTES_MAX:])
    if texts.settled:
        texts.counts["values"] += 1
    return _blob(raw, texts)


def _is_utf8(start: bytes) -> bool:
    """A text, as far as it goes: one of two bytes a letter, or bytes stored as one, have zeros or are none."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return b"\0" not in start


def _certificate(raw: bytes, texts: Texts) -> bytes | None:
    """A new certificate, where it is as long as the old one, which must be there whole."""
    pem = raw.rstrip()
    new = texts.certificate(pem)
    return new + raw[len(pem) :] if new is not None and len(new) == len(pem) else None


def _blob(raw: bytes, texts: Texts) -> bytes:
    """What Kubernetes' object it is stays: its version and kind."""
    found = _PROTOBUF.match(raw)
    if found and _KUBERNETES.fullmatch(found[2]) and texts.strict(found[4]) == found[4] and texts.settled:
        return found[0] + filled(raw[found.end() :], texts.key)
    return filled(raw, texts.key)
