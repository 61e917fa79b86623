"""Records of SQLite: the values of a row or of an index entry, replaced in place; types, numbers and sizes stay.

A text is looked at up to a bound alone, the same in a table and in its indexes, so that both hold the same afterwards.
Source: sqlite.org/fileformat2.html, "Record Format".
"""

from __future__ import annotations

import re

from forensics.redact.stale import blank, filled
from forensics.redact.texts import Texts

_FIXED = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8}  # serial types of numbers, and their bytes
_TEXT_BYTES_MAX = 400  # of an index entry that goes on elsewhere, 489 bytes or more are in its page
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
_SCHEMA = re.compile(rb"(?:table|index|view|trigger)")
_CREATE = re.compile(rb"CREATE\s", re.IGNORECASE)
_PROTOBUF = re.compile(rb"k8s\0\n[\x00-\x7f]\n([\x00-\x7f])([A-Za-z0-9./]+?)\x12([\x00-\x7f])([A-Za-z]+)(?=\x12)")
_KUBERNETES = re.compile(rb"(?:[a-z]+(?:\.[a-z]+)*\.k8s\.io/|[a-z]+/)?v\d{1,2}(?:(?:alpha|beta)\d{1,2})?")


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A big-endian base-128 number of at most nine bytes, and the position behind it. Raises IndexError at the end."""
    value = 0
    for position in range(at, at + 8):
        byte = data[position]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, position + 1
    return value << 8 | data[at + 8], at + 9


def cleaned_record(data: bytes, texts: Texts) -> bytes | None:
    """A record, or as much of it as lies in its page; None where it is none."""
    try:
        fields, body = _fields(data)
    except IndexError:
        return None
    if fields is None:
        return None
    values = []
    at = body
    for serial, size in fields:
        values.append((serial, data[at : at + size]))
        at += size
    if _is_of_schema(values):
        texts.keep(values[2][1])  # the table's name: tables of SQLite's own name it in their rows
        return data
    new = b"".join(_value(serial, raw, texts) for serial, raw in values)
    return data[:body] + new + blank(data[body + len(new) :])


def is_of_schema(data: bytes) -> bool:
    """As much of a record as lies in its page is one of sqlite_schema."""
    try:
        fields, at = _fields(data)
    except IndexError:
        return False
    values = []
    for serial, size in fields or ():
        values.append((serial, data[at : at + size]))
        at += size
    return _is_of_schema(values)


def _fields(data: bytes) -> tuple[list[tuple[int, int]] | None, int]:
    """Serial type and size of each value, and where the first one begins; None where a type is unknown."""
    end, at = varint(data, 0)
    fields = []
    while at < end:
        serial, at = varint(data, at)
        if serial in (10, 11):
            return None, end
        fields.append((serial, _FIXED.get(serial, (serial - 12) // 2 if serial >= 12 else 0)))
    return (fields if at == end else None), end


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
        return texts.strict(raw[:_TEXT_BYTES_MAX]) + blank(raw[_TEXT_BYTES_MAX:])
    if texts.settled:
        texts.counts["values"] += 1
    return _blob(raw, texts)


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
