"""A stored report, read back: bounded, validated, and of today's version."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from typing import Any

import msgspec

from forensics.errors import InputError
from forensics.ingest.paths import printable
from forensics.limits import REPORT_BYTES_MAX, REPORT_DEPTH_MAX
from forensics.report.document import COUNT_MAX, SCHEMA_VERSION, Document
from forensics.report.version_1 import upgraded

_REASON_CHARS_MAX = 160  # what is wrong, and where; a value of the report may stand in it


def read_report(path: str) -> Document:
    """The report in a file. Raises InputError where it is none, is damaged, or is of a newer schema."""
    return parse_report(_read(path), path)


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report that was given along: the name of its file without the path, that file's SHA-256, and what is in it."""

    name: str
    sha256: str
    document: Document


def read_stored(path: str) -> StoredReport:
    """As read_report, with what tells which file it was."""
    raw = _read(path)
    name = printable(os.path.basename(path))
    return StoredReport(name, hashlib.sha256(raw).hexdigest(), parse_report(raw, path))


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(REPORT_BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        raise InputError(path, getattr(error, "strerror", None) or "not a valid path") from error


def parse_report(raw: bytes, path: str) -> Document:
    """As read_report, from bytes; `path` is for messages."""
    if len(raw) > REPORT_BYTES_MAX:
        raise InputError(path, f"larger than {REPORT_BYTES_MAX} bytes (REPORT_BYTES_MAX)")
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_refuse)
        value = _tidy(value, 0)
    except RecursionError:
        raise InputError(path, f"nested deeper than {REPORT_DEPTH_MAX} (REPORT_DEPTH_MAX)") from None
    except UnicodeDecodeError:
        raise InputError(path, "not a report.json, for it is no text: `analyze` reads uploads") from None
    except ValueError as error:
        raise InputError(path, f"not a report: {error}") from error
    version = value.get("schemaVersion") if isinstance(value, dict) else None
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise InputError(path, f"its schemaVersion is {version}; this version knows {SCHEMA_VERSION}")
    if version == 1 and version is not True:
        value = upgraded(value)
    try:
        return msgspec.convert(value, Document)
    except msgspec.ValidationError as error:
        raise InputError(path, f"not a report: {_reason(error)}") from None


def _reason(error: msgspec.ValidationError) -> str:
    """What is wrong, and the place: `Expected `int`, got `str` - at `$.findings[0].evidence[1].offset``."""
    text = printable(str(error))
    half = _REASON_CHARS_MAX // 2
    return text if len(text) <= _REASON_CHARS_MAX else f"{text[:half]} … {text[-half:]}"


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON number")


def _tidy(value: Any, depth: int) -> Any:
    """Half of a surrogate pair cannot be written in UTF-8: escape it. Too deep or too large is refused."""
    if depth > REPORT_DEPTH_MAX:
        raise RecursionError
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, list):
        return [_tidy(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_tidy(key, depth + 1): _tidy(item, depth + 1) for key, item in value.items()}
    if isinstance(value, int) and abs(value) > COUNT_MAX:
        raise ValueError("a number has more than 64 bits")
    return value
