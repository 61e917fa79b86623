"""The ignore file: findings that were looked at and accepted, each with a reason and, better, an end.

    - id: SEG001                # a rule
      nodes: [n2]               # optional: only on these nodes
      paths: ["*/k8sd/*"]       # optional: only where a piece of evidence lies there (shell patterns)
      reason: known since the disk was replaced; SF 12345
      expires: 2026-12-31       # optional: judged at the report's moment (--as-of)

Suppressed findings stay in the report. An entry that matches nothing, or has expired, is named in it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from msgspec.structs import replace

from forensics.errors import UsageError
from forensics.limits import YAML_BYTES_MAX
from forensics.report import document as doc

_KEYS = frozenset({"id", "nodes", "paths", "reason", "expires"})


@dataclass(frozen=True, slots=True)
class Ignore:
    """One entry of the file."""

    rule: str
    reason: str
    nodes: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    expires: datetime.date | None = None

    def matches(self, finding: doc.Finding) -> bool:
        """The rule is that one, and where nodes or paths are given, the finding is of them."""
        if finding.rule.upper() != self.rule.upper():
            return False
        if self.nodes and not set(finding.nodes) <= set(self.nodes):
            return False
        return not self.paths or any(
            fnmatchcase(entry.path, pattern) for entry in finding.evidence for pattern in self.paths
        )

    def expired(self, moment: datetime.date | None) -> bool:
        """Its last day is over. Where nothing tells the time, an entry that ends somewhere is not trusted."""
        return self.expires is not None and (moment is None or moment > self.expires)


def read_ignores(path: str) -> list[Ignore]:
    """The entries of a file. Raises UsageError where it is not as described above."""
    import yaml  # noqa: PLC0415 - only where an ignore file is given

    try:
        with open(path, "rb") as file:
            raw = file.read(YAML_BYTES_MAX + 1)
        if len(raw) > YAML_BYTES_MAX:
            raise UsageError(f"{path}: larger than {YAML_BYTES_MAX} bytes")
        entries = yaml.safe_load(raw)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UsageError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    if entries is None:
        return []
    if not isinstance(entries, list):
        raise UsageError(f"{path}: not a list of entries")
    return [_entry(entry, f"{path}: entry {number}") for number, entry in enumerate(entries, 1)]


def apply_ignores(document: doc.Document, ignores: Sequence[Ignore]) -> doc.Document:
    """The document with matching findings moved to `suppressed`, and `ignores` filled; to be done before the case."""
    moment = _moment(document)
    live = [ignore for ignore in ignores if not ignore.expired(moment)]
    kept: list[doc.Finding] = []
    suppressed = list(document.suppressed)
    matched = dict.fromkeys(range(len(ignores)), 0)
    for finding in document.findings:
        ignore = next((ignore for ignore in live if ignore.matches(finding)), None)
        if ignore is None:
            kept.append(finding)
            continue
        matched[ignores.index(ignore)] += 1
        expires = ignore.expires.isoformat() if ignore.expires else None
        suppressed.append(replace(finding, suppression=doc.Suppression(reason=ignore.reason, expires=expires)))
    notes = tuple(_notes(ignores, matched, moment))
    return replace(document, findings=tuple(kept), suppressed=tuple(suppressed), ignores=notes)


def _notes(ignores: Sequence[Ignore], matched: dict[int, int], moment: datetime.date | None) -> Iterator[doc.Ignore]:
    for number, ignore in enumerate(ignores):
        yield doc.Ignore(
            id=ignore.rule,
            reason=ignore.reason,
            expires=ignore.expires.isoformat() if ignore.expires else None,
            state=_state(ignore, matched[number], moment),
            matched=matched[number],
        )


def _state(ignore: Ignore, matched: int, moment: datetime.date | None) -> doc.IgnoreState:
    if ignore.expired(moment):
        return doc.IgnoreState.EXPIRED
    return doc.IgnoreState.USED if matched else doc.IgnoreState.STALE


def _moment(document: doc.Document) -> datetime.date | None:
    time = document.as_of.time if document.as_of else None
    return datetime.datetime.fromisoformat(time).date() if time else None


def _entry(entry: Any, where: str) -> Ignore:
    if not isinstance(entry, dict):
        raise UsageError(f"{where} is not a mapping")
    unknown = sorted(str(key) for key in entry if key not in _KEYS)
    if unknown:
        raise UsageError(f"{where} has unknown keys: {', '.join(unknown)}")
    rule, reason = entry.get("id"), entry.get("reason")
    if not isinstance(rule, str) or not rule.strip():
        raise UsageError(f"{where} has no id")
    if not isinstance(reason, str) or not reason.strip():
        raise UsageError(f"{where} ({rule}) has no reason")
    return Ignore(
        rule.strip(), reason.strip(), _texts(entry, "nodes", where), _texts(entry, "paths", where), _date(entry, where)
    )


def _texts(entry: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = entry.get(key)
    if value is None:
        return ()
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(item, str) for item in values):
        raise UsageError(f"{where}: {key} is not a list of texts")
    return tuple(values)


def _date(entry: dict[str, Any], where: str) -> datetime.date | None:
    value = entry.get("expires")
    if value is None:
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise UsageError(f"{where}: expires is not a date (2026-12-31)") from None
